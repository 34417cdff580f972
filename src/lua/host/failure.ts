/**
 * The call stack at an error that has ended a coroutine or a protected call: functions with their current lines and variables. Functions keep
 * their registers when an error unwinds them, so the stack must be collected before anything else runs in the coroutine.
 */
import { decodeText, fromByteString } from '../../bytes/text.js'
import type { lua_State } from '../fengari.js'
import { showValue } from './show-value.js'
import { chunkId } from '../vm/errors.js'
import { calledName, isTailCall, localName } from '../vm/names.js'
import { Op } from '../vm/opcodes.js'
import type { Proto } from '../vm/proto.js'
import { OK, type Call, type LuaThread } from '../vm/state.js'
import { LuaClosure, UpValue, type LuaValue } from '../vm/value.js'

/** A variable with its value. */
export interface Variable {
  readonly name: string
  /** formatted, in one line */
  readonly value: string
}

/** A function on the call stack. */
export interface FailedFrame {
  /** its file as messages name it: `mailers.lua` */
  readonly file: string
  /** the current line */
  readonly line: number
  /** its name in the caller */
  readonly name: string | undefined
  /** local variables in scope, with variable arguments as `...`; of variables with the same name, the innermost one */
  readonly locals: readonly Variable[]
  /** upvalues that the current line uses */
  readonly upvalues: readonly Variable[]
  /** lines of the source around the current one */
  readonly source: readonly { readonly line: number; readonly text: string }[]
}

/** An error that has ended a part of a script. */
export interface LuaFailure {
  /** Lua's message, with its position */
  readonly message: string
  /** innermost first; empty if no Lua function was running */
  readonly frames: readonly FailedFrame[]
}

/** Lines of an excerpt before and after the current one. */
const AROUND = 2

/** Returns the Lua functions on the stack, `limit` at most. @param read returns the content of a file by its name */
export const failedFrames = (
  L: lua_State,
  read: (file: string) => Uint8Array | undefined,
  limit = 8,
): FailedFrame[] => {
  const frames: FailedFrame[] = []
  // functions unwound by a protected call are no longer on the stack, but kept
  let ci = L.status === OK ? L.failed : L.ci
  for (; ci !== null && ci !== L.base_ci && frames.length < limit; ci = ci.previous) {
    if (!ci.isLua || !(ci.func instanceof LuaClosure) || ci.func.p.source.startsWith('=[hapsim')) continue
    frames.push(frameOf(L, ci, ci.func, read))
  }
  return frames
}

/**
 * The position of a syntax error as a frame without a function and variables. Undefined if the message contains no line of the file.
 *
 * @param chunkname with Lua's leading `@` or `=`
 */
export const syntaxErrorFrame = (message: string, chunkname: string, source: Uint8Array): FailedFrame | undefined => {
  const file = fromByteString(chunkId(chunkname))
  if (!message.startsWith(`${file}:`)) return undefined
  const [, line] = /^(\d+): /.exec(message.slice(file.length + 1)) ?? []
  if (line === undefined) return undefined
  const text = decodeText(source)
  return { file, line: Number(line), name: undefined, locals: [], upvalues: [], source: excerpt(text, Number(line)) }
}

/** The same for a module that `require` could not compile; its error is part of the message (`searcher_Lua` in loadlib.c). */
export const moduleErrorFrame = (
  message: string,
  read: (file: string) => Uint8Array | undefined,
): FailedFrame | undefined => {
  const [, file, reason] = /error loading module '[^]*?' from file '([^]*?)':\n\t([^]*)$/.exec(message) ?? []
  const source = file === undefined ? undefined : read(file)
  return source && syntaxErrorFrame(reason!, `@${file}`, source)
}

const frameOf = (
  L: LuaThread,
  ci: Call,
  { p, upvalues }: LuaClosure,
  read: (file: string) => Uint8Array | undefined,
): FailedFrame => {
  const line = p.lineinfo[ci.pc] ?? -1
  const { previous } = ci
  const name = previous?.isLua && !isTailCall(ci) ? calledName(previous, L.l_G.lua54) : undefined
  return {
    file: fromByteString(chunkId(p.source)),
    line,
    name: name && fromByteString(name.name),
    locals: localsOf(p, ci),
    upvalues: usedUpvalues(p, line).map((i) => ({
      name: fromByteString(p.upvalues[i]!.name ?? '?'),
      value: showValue(upvalues[i]!.v),
    })),
    source: excerpt(textOf(p.source, read), line),
  }
}

const localsOf = (p: Proto, ci: Call): Variable[] => {
  const shown = new Map<string, string>()
  const registers = ci.regs ?? []
  for (let n = 1, name = localName(p, n, ci.pc); name !== undefined; name = localName(p, ++n, ci.pc)) {
    if (name.startsWith('(')) continue
    const register = registers[n - 1]
    shown.delete(name)
    shown.set(name, showValue((register instanceof UpValue ? register.v : register) as LuaValue))
  }
  if (p.is_vararg && ci.va && ci.va.length > 0) shown.set('...', ci.va.map((value) => showValue(value)).join(', '))
  return [...shown].map(([name, value]) => ({ name: fromByteString(name), value }))
}

/** Indices of the upvalues, other than the globals, that the code of a line reads or writes. */
const usedUpvalues = (p: Proto, line: number): number[] => {
  const used = new Set<number>()
  p.code.forEach(({ opcode, A, B }, pc) => {
    if (p.lineinfo[pc] !== line) return
    if (opcode === Op.GETUPVAL || opcode === Op.SETUPVAL || opcode === Op.GETTABUP) used.add(B)
    else if (opcode === Op.SETTABUP) used.add(A)
  })
  return [...used].filter((i) => p.upvalues[i]?.name !== '_ENV').sort((a, b) => a - b)
}

/** The text of a chunk that was loaded from a file or from a string. */
const textOf = (source: string, read: (file: string) => Uint8Array | undefined): string => {
  if (source.startsWith('@')) {
    const bytes = read(fromByteString(source.slice(1)))
    return bytes === undefined ? '' : decodeText(bytes)
  }
  return source.startsWith('=') ? '' : fromByteString(source)
}

const excerpt = (text: string, line: number): FailedFrame['source'] => {
  if (text === '') return []
  const lines = text.split(/\r?\n/)
  const first = Math.max(1, line - AROUND)
  return lines
    .slice(first - 1, line + AROUND)
    .map((each, i) => ({ line: first + i, text: each }))
    .filter((each) => each.line !== lines.length || each.text !== '')
}
