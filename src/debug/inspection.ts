/** Answers an editor's questions about a paused run: threads, functions under way, variables. Numbers it gives out hold while the pause does. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { DebugProtocol as Dap } from '@vscode/debugprotocol'
import { decodeText, fromByteString } from '../bytes/text.js'
import type { LuaState } from '../lua/host/state.js'
import { entriesOf, showKey, showValue } from '../lua/host/show-value.js'
import { chunkId } from '../lua/vm/errors.js'
import { REGISTRY_GLOBALS, type LuaThread } from '../lua/vm/state.js'
import { LuaTable } from '../lua/vm/table.js'
import { LuaClosure, type LuaValue } from '../lua/vm/value.js'
import { evaluate } from './evaluate.js'
import { framesOf, type Frame, type Variable } from './frame.js'
import type { Question } from './messages.js'

/** Variables that are shown at once unless the editor asks for parts. */
const MOST_VARIABLES = 1000

/** A list of variables, and where what is set in it is evaluated. */
interface Listed {
  variables(): readonly (Variable | Shown)[]
  readonly L: LuaThread
  readonly frame: Frame | undefined
}

/** Something that is shown only. */
interface Shown {
  readonly name: string
  readonly text: string
}

export interface Surroundings {
  /** from which names of files start */
  readonly directory: string
  /** the coroutine that runs, and all others that are known, with their numbers */
  readonly running: LuaThread
  readonly threads: ReadonlyMap<number, LuaThread>
  nameOf(L: LuaThread): string
  /** of the simulation */
  world(L: LuaThread): [name: string, value: string][]
}

export class Inspection {
  readonly #frames: Frame[] = []
  readonly #lists: Listed[] = []
  readonly #sources: string[] = []

  constructor(readonly around: Surroundings) {}

  /** Throws an Error with what to say instead. */
  answer(question: Question): object {
    switch (question.command) {
      case 'threads':
        return { threads: [...this.around.threads].map(([id, L]) => ({ id, name: this.around.nameOf(L) })) }
      case 'stackTrace':
        return this.#stackTrace(question.threadId)
      case 'scopes':
        return { scopes: this.#scopes(this.#frame(question.frameId)) }
      case 'variables': {
        const list = this.#list(question.reference)
        const from = question.start ?? 0
        const variables = list.variables().slice(from, from + (question.count || MOST_VARIABLES))
        return { variables: variables.map((each) => this.#shown(each, list)) }
      }
      case 'setVariable': {
        const list = this.#list(question.reference)
        const variable = list.variables().findLast((each) => each.name === question.name)
        if (!variable || !('set' in variable)) throw new Error(`'${question.name}' cannot be set`)
        variable.set(evaluate(list.L, list.frame, question.value)[0])
        return this.#value(variable.get(), list)
      }
      case 'evaluate':
        return this.#evaluate(question.frameId, question.expression)
      case 'source': {
        const source = this.#sources[question.reference - 1]
        return { content: source === undefined ? '' : this.textOf(source, this.around.running), mimeType: 'text/x-lua' }
      }
    }
  }

  /** The text of a chunk, as far as it is known. */
  textOf(source: string, L: LuaThread): string {
    if (!source.startsWith('@')) return fromByteString(source)
    const bytes = (L.l_G.hapsim as LuaState).host.readSource(fromByteString(source.slice(1)))
    return bytes ? decodeText(bytes) : ''
  }

  #frame(id: number): Frame {
    const frame = this.#frames[id - 1]
    if (!frame) throw new Error('that function is not under way any more')
    return frame
  }

  #list(reference: number): Listed {
    const list = this.#lists[reference - 1]
    if (!list) throw new Error('the run has gone on since')
    return list
  }

  #stackTrace(threadId: number): Dap.StackTraceResponse['body'] {
    const L = this.around.threads.get(threadId)
    const stackFrames = (L ? framesOf(L) : []).map((frame): Dap.StackFrame => {
      const id = this.#frames.push(frame)
      return { id, name: frame.name, line: frame.line, column: 1, source: this.#source(frame.source) }
    })
    return { stackFrames, totalFrames: stackFrames.length }
  }

  #source(source: string): Dap.Source {
    const name = fromByteString(chunkId(source))
    if (source.startsWith('@')) {
      const { host } = this.around.running.l_G.hapsim as LuaState
      const path = resolve(this.around.directory, host.sourcePath(fromByteString(source.slice(1))))
      if (existsSync(path)) return { name: name.replace(/^.*\//, ''), path }
    }
    const known = this.#sources.indexOf(source)
    return { name, sourceReference: known >= 0 ? known + 1 : this.#sources.push(source) }
  }

  #scopes(frame: Frame): Dap.Scope[] {
    const { L } = frame
    const globals = L.l_G.registry.getInt(REGISTRY_GLOBALS)
    const scope = (name: string, variables: Listed['variables'], more: Partial<Dap.Scope> = {}): Dap.Scope => ({
      name,
      variablesReference: this.#lists.push({ variables, L, frame }),
      expensive: false,
      ...more,
    })
    const rest = (): Shown[] | Variable[] =>
      frame.rest.map((value, i) => ({ name: `... [${i + 1}]`, text: showValue(value) }))
    return [
      scope('Locals', () => [...frame.locals, ...rest()], { presentationHint: 'locals' }),
      scope('Upvalues', () => frame.upvalues.filter(({ name }) => name !== '_ENV')),
      scope('Globals', () => (globals instanceof LuaTable ? fieldsOf(globals) : []), { expensive: true }),
      scope('Simulation', () => this.around.world(L).map(([name, text]) => ({ name, text }))),
    ]
  }

  #evaluate(frameId: number | undefined, expression: string): object {
    const frame = frameId === undefined ? undefined : this.#frame(frameId)
    const L = frame?.L ?? this.around.running
    const values = evaluate(L, frame, expression)
    const list = { L, frame }
    if (values.length === 1) {
      const { value, ...rest } = this.#value(values[0], list)
      return { result: value, ...rest }
    }
    return { result: values.map((value) => showValue(value)).join(', '), variablesReference: 0 }
  }

  #shown(variable: Variable | Shown, list: Pick<Listed, 'L' | 'frame'>): Dap.Variable {
    const name = fromByteString(variable.name)
    if ('text' in variable) return { name, value: variable.text, variablesReference: 0 }
    return { name, ...this.#value(variable.get(), list) }
  }

  #value(value: LuaValue, { L, frame }: Pick<Listed, 'L' | 'frame'>) {
    const variables =
      value instanceof LuaTable
        ? () => [...fieldsOf(value), ...(value.metatable ? [metatable(value)] : [])]
        : value instanceof LuaClosure && value.upvalues.length > 0
          ? () => upvaluesOf(value)
          : undefined
    return {
      value: showValue(value),
      variablesReference: variables ? this.#lists.push({ variables, L, frame }) : 0,
    }
  }
}

const fieldsOf = (table: LuaTable): Variable[] =>
  entriesOf(table).map(([key]) => ({
    name: typeof key === 'string' ? showKey(key) : `[${showValue(key)}]`,
    get: () => table.get(key),
    set: (value: LuaValue) => table.set(key, value),
  }))

const metatable = (table: LuaTable): Variable => ({
  name: '(metatable)',
  get: () => table.metatable ?? undefined,
  set: () => {
    throw new Error('a metatable is set by setmetatable')
  },
})

const upvaluesOf = ({ p, upvalues }: LuaClosure): Variable[] =>
  upvalues.flatMap((upvalue, i) => {
    const name = p.upvalues[i]?.name ?? '?'
    if (name === '_ENV') return []
    return [{ name, get: () => upvalue.v, set: (value: LuaValue) => void (upvalue.v = value) }]
  })
