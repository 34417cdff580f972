/** Answers queries about a paused run: threads, stack frames, variables. References in its answers are valid until the run continues. */
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
import { evaluateInFrame } from './evaluate.js'
import { framesOf, type Frame, type FrameVariable } from './frame.js'
import type { Query } from './messages.js'

/** The number of variables in an answer if the query has no limit. */
const MAX_VARIABLES = 1000

/** A list of variables with the scope in which new values are evaluated. */
interface VariableList {
  variables(): readonly (FrameVariable | Constant)[]
  readonly L: LuaThread
  readonly frame: Frame | undefined
}

/** A formatted value that cannot be set. */
interface Constant {
  readonly name: string
  readonly text: string
}

/** What a query can be about. */
export interface PauseContext {
  /** relative file names start from here */
  readonly directory: string
  /** the paused coroutine, and all known coroutines by their numbers */
  readonly running: LuaThread
  readonly threads: ReadonlyMap<number, LuaThread>
  nameOf(L: LuaThread): string
  /** Returns the variables of the scope `Simulation`. */
  simulation(L: LuaThread): [name: string, value: string][]
}

/** The state of a pause. */
export class PausedRun {
  readonly #frames: Frame[] = []
  readonly #lists: VariableList[] = []
  readonly #sources: string[] = []

  constructor(readonly context: PauseContext) {}

  /** Returns the answer to a query. Throws an Error with a message for the editor if it has no answer. */
  answer(query: Query): object {
    switch (query.command) {
      case 'threads':
        return { threads: [...this.context.threads].map(([id, L]) => ({ id, name: this.context.nameOf(L) })) }
      case 'stackTrace':
        return this.#stackTrace(query.threadId)
      case 'scopes':
        return { scopes: this.#scopes(this.#frame(query.frameId)) }
      case 'variables': {
        const list = this.#list(query.reference)
        const from = query.start ?? 0
        const variables = list.variables().slice(from, from + (query.count || MAX_VARIABLES))
        return { variables: variables.map((each) => this.#variable(each, list)) }
      }
      case 'setVariable': {
        const list = this.#list(query.reference)
        const variable = list.variables().findLast((each) => each.name === query.name)
        if (!variable || !('set' in variable)) throw new Error(`'${query.name}' cannot be set`)
        variable.set(evaluateInFrame(list.L, list.frame, query.value)[0])
        return this.#value(variable.get(), list)
      }
      case 'evaluate':
        return this.#evaluate(query.frameId, query.expression)
      case 'source': {
        const source = this.#sources[query.reference - 1]
        return {
          content: source === undefined ? '' : this.textOf(source, this.context.running),
          mimeType: 'text/x-lua',
        }
      }
    }
  }

  /** The text of a chunk; '' if it is unknown. */
  textOf(source: string, L: LuaThread): string {
    if (!source.startsWith('@')) return fromByteString(source)
    const bytes = (L.l_G.hapsim as LuaState).host.readSource(fromByteString(source.slice(1)))
    return bytes ? decodeText(bytes) : ''
  }

  #frame(id: number): Frame {
    const frame = this.#frames[id - 1]
    if (!frame) throw new Error('the function is no longer on the stack')
    return frame
  }

  #list(reference: number): VariableList {
    const list = this.#lists[reference - 1]
    if (!list) throw new Error('the run has continued since')
    return list
  }

  #stackTrace(threadId: number): Dap.StackTraceResponse['body'] {
    const L = this.context.threads.get(threadId)
    const stackFrames = (L ? framesOf(L) : []).map((frame): Dap.StackFrame => {
      const id = this.#frames.push(frame)
      return { id, name: frame.name, line: frame.line, column: 1, source: this.#source(frame.source) }
    })
    return { stackFrames, totalFrames: stackFrames.length }
  }

  #source(source: string): Dap.Source {
    const name = fromByteString(chunkId(source))
    if (source.startsWith('@')) {
      const { host } = this.context.running.l_G.hapsim as LuaState
      const path = resolve(this.context.directory, host.sourcePath(fromByteString(source.slice(1))))
      if (existsSync(path)) return { name: name.replace(/^.*\//, ''), path }
    }
    const known = this.#sources.indexOf(source)
    return { name, sourceReference: known >= 0 ? known + 1 : this.#sources.push(source) }
  }

  #scopes(frame: Frame): Dap.Scope[] {
    const { L } = frame
    const globals = L.l_G.registry.getInt(REGISTRY_GLOBALS)
    const scope = (name: string, variables: VariableList['variables'], more: Partial<Dap.Scope> = {}): Dap.Scope => ({
      name,
      variablesReference: this.#lists.push({ variables, L, frame }),
      expensive: false,
      ...more,
    })
    const rest = (): Constant[] | FrameVariable[] =>
      frame.rest.map((value, i) => ({ name: `... [${i + 1}]`, text: showValue(value) }))
    return [
      scope('Locals', () => [...frame.locals, ...rest()], { presentationHint: 'locals' }),
      scope('Upvalues', () => frame.upvalues.filter(({ name }) => name !== '_ENV')),
      scope('Globals', () => (globals instanceof LuaTable ? fieldsOf(globals) : []), { expensive: true }),
      scope('Simulation', () => this.context.simulation(L).map(([name, text]) => ({ name, text }))),
    ]
  }

  #evaluate(frameId: number | undefined, expression: string): object {
    const frame = frameId === undefined ? undefined : this.#frame(frameId)
    const L = frame?.L ?? this.context.running
    const values = evaluateInFrame(L, frame, expression)
    const list = { L, frame }
    if (values.length === 1) {
      const { value, ...rest } = this.#value(values[0], list)
      return { result: value, ...rest }
    }
    return { result: values.map((value) => showValue(value)).join(', '), variablesReference: 0 }
  }

  #variable(variable: FrameVariable | Constant, list: Pick<VariableList, 'L' | 'frame'>): Dap.Variable {
    const name = fromByteString(variable.name)
    if ('text' in variable) return { name, value: variable.text, variablesReference: 0 }
    return { name, ...this.#value(variable.get(), list) }
  }

  #value(value: LuaValue, { L, frame }: Pick<VariableList, 'L' | 'frame'>) {
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

const fieldsOf = (table: LuaTable): FrameVariable[] =>
  entriesOf(table).map(([key]) => ({
    name: typeof key === 'string' ? showKey(key) : `[${showValue(key)}]`,
    get: () => table.get(key),
    set: (value: LuaValue) => table.set(key, value),
  }))

const metatable = (table: LuaTable): FrameVariable => ({
  name: '(metatable)',
  get: () => table.metatable ?? undefined,
  set: () => {
    throw new Error('a metatable can only be set with setmetatable')
  },
})

const upvaluesOf = ({ p, upvalues }: LuaClosure): FrameVariable[] =>
  upvalues.flatMap((upvalue, i) => {
    const name = p.upvalues[i]?.name ?? '?'
    if (name === '_ENV') return []
    return [{ name, get: () => upvalue.v, set: (value: LuaValue) => void (upvalue.v = value) }]
  })
