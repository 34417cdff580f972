/** Fengari's parser with 64-bit numbers, as a function from source text to a prototype. */
import type { LexState } from 'fengari/src/llex.js'
import type { ZIO } from 'fengari/src/lzio.js'
import { binary, bytes } from './bytes.js'
import { CallLines } from './call-lines.js'
import { NIL_CONSTANT } from './constants.js'
import { ClosingParser } from './closing-parser.js'
import type { ParseRecord } from './coverage/record.js'
import { fengariCore, ldo, llex, lobject, lstate, lvm } from './fengari-modules.js'
import { parseNumber, toInteger } from './number-text.js'
import { rawArithmetic, type Arithmetic } from './operations.js'
import type { FengariProto } from './fengari-proto.js'
import { JumpLines } from './jump-lines.js'
import { Labels } from './labels.js'
import { ScannedInput, type PartReader } from './scanner.js'
import { LuaFloat, type LuaValue } from './value.js'

/** The supported version: Fengari's internal modules are not a public interface. */
const FENGARI = 'Fengari 0.1.5'
if (fengariCore.FENGARI_RELEASE !== FENGARI)
  throw new Error(
    `hapsim needs ${FENGARI}, but ${fengariCore.FENGARI_RELEASE} is installed: run npm install fengari@0.1.5`,
  )

interface FengariState {
  top: number
  readonly stack: readonly unknown[]
  nCcalls: number
  /** state of the parser if it uses the syntax of 5.4 */
  watched?: Watched | undefined
  /** observer of statements and operands */
  record?: ParseRecord | undefined
}

interface ParserStates {
  lua_newstate(): FengariState
}

const FLOAT = 3
const INTEGER = 19

interface TValue {
  readonly type: number
  readonly value: unknown
  setivalue(n: number | bigint): void
  setfltvalue(n: number): void
}

const toLua = ({ type, value }: { readonly type: number; readonly value: unknown }): LuaValue =>
  type === FLOAT ? new LuaFloat(value as number) : type === INTEGER ? (value as LuaValue) : undefined

const assign = (target: TValue, value: LuaValue): void => {
  if (value instanceof LuaFloat) target.setfltvalue(value.n)
  else target.setivalue(value as number | bigint)
}

Object.assign(lobject, {
  luaO_str2num: (text: Uint8Array, target: TValue): number => {
    const value = parseNumber(binary(text))
    if (value === undefined) return 0
    assign(target, value)
    return text.length + 1
  },
  /** Folds constants; Fengari checks that the operation cannot fail. */
  luaO_arith: (_: null, op: Arithmetic, a: TValue, b: TValue, target: TValue): void =>
    assign(target, rawArithmetic(undefined, op, toLua(a), toLua(b))),
})
/** Sizes of table constructors before they are encoded in instructions, which rounds them up to powers of two. */
Object.assign(lobject, { luaO_int2fb: (size: number) => Math.min(size, 511) })
lvm.tointeger = (value) => toInteger(toLua(value)) ?? false

export type AttributeMap = Map<unknown, Map<number, string>>

/** The names of a `local` statement that have been read. */
interface LocalNames {
  /** the index of the variable to be closed */
  toClose: number | undefined
  count: number
}

/** State of a parser of 5.4. */
interface Watched {
  readonly attributes: AttributeMap
  readonly closing: ClosingParser
  readonly calls: CallLines
  readonly labels: Labels
  readonly jumps: JumpLines
  /** the names of the `local` statement that is being read */
  names: LocalNames | undefined
}

const { TK_LOCAL, TK_NAME, TK_NIL, TK_INT, TK_FLT } = llex.RESERVED
const [LESS, GREATER, COMMA, EQUALS] = [...'<>,='].map((each) => each.charCodeAt(0))

const luaX_next = (ls: LexState): void => {
  ;(ls.L as FengariState).record?.next(ls)
  ScannedInput.next(ls)
}

/** Reads the next token; after a name in a `local` statement, also an attribute in angle brackets. */
llex.luaX_next = (ls) => {
  const before = ls.t.token
  const parser = (ls.L as FengariState).watched
  if (parser && ls.fs) {
    parser.closing.taken(ls, before)
    parser.calls.taken(ls, before)
  }
  luaX_next(ls)
  if (!parser) return
  if (ls.t.token === TK_INT || ls.t.token === TK_FLT) endNumber(ls)
  parser.labels.read(ls, before)
  if (ls.dyd.gt.arr.length > 0) parser.jumps.read(ls)
  if (before === TK_LOCAL) parser.names = ls.t.token === TK_NAME ? { toClose: undefined, count: 0 } : undefined
  else if (parser.names) inNames(ls, parser, before)
}

const { luaX_syntaxerror } = llex

llex.luaX_syntaxerror = (ls, message) =>
  luaX_syntaxerror(ls, (ls.L as FengariState).watched?.calls.syntaxError(ls, message) ?? message)

llex.luaX_lookahead = (ls) => ScannedInput.lookAhead(ls)

const inNames = (ls: LexState, parser: Watched, before: number): void => {
  const { names } = parser
  if (before === TK_NAME) {
    names!.count++
    if (ls.t.token === LESS) readAttribute(ls, parser)
    if (ls.t.token !== COMMA && ls.t.token !== EQUALS) parser.names = undefined
  } else if (before === EQUALS) {
    if (names!.toClose !== undefined) parser.closing.variable(ls, names!.toClose)
    else if (names!.count === 1 && ls.t.token === TK_NIL) noteNil(ls, parser)
    parser.names = undefined
  } else if (ls.t.token !== TK_NAME) parser.names = undefined
}

/** The value of a variable is `nil`, or an expression that begins with it. */
const noteNil = ({ fs }: LexState, { attributes }: Watched): void => {
  const ofFunction = attributes.get(fs.f)
  const index = fs.nlocvars - 1
  if (ofFunction?.get(index) === 'const') ofFunction.set(index, NIL_CONSTANT)
}

/** A numeral must not be followed by a letter. */
const endNumber = (ls: LexState): void => {
  if (isLetter(ls.current)) llex.luaX_syntaxerror(ls, bytes('malformed number'))
}

const isLetter = (code: number): boolean => /[A-Za-z_]/.test(String.fromCharCode(code))

const MALFORMED_NUMBER = /malformed number near '.*(?='$)/s

/** In 5.4, letters after a malformed numeral belong to it. */
const withLetter = (error: Uint8Array, { buffer, off, n }: Readonly<ZIO>): Uint8Array => {
  const next = n >= 0 && buffer ? buffer[off - 1]! : 0
  if (!isLetter(next)) return error
  return bytes(binary(error).replace(MALFORMED_NUMBER, (message) => message + String.fromCharCode(next)))
}

const readAttribute = (ls: LexState, { attributes, names }: Watched): void => {
  luaX_next(ls)
  if (ls.t.token !== TK_NAME) llex.luaX_syntaxerror(ls, bytes('<name> expected'))
  const name = binary(ls.t.seminfo.ts.getstr())
  if (name !== 'const' && name !== 'close') {
    ls.t.token = 0
    llex.luaX_syntaxerror(ls, bytes(`unknown attribute '${name}'`))
  }
  luaX_next(ls)
  if (ls.t.token !== GREATER) llex.luaX_syntaxerror(ls, bytes("'>' expected"))
  luaX_next(ls)
  const { f, nlocvars } = ls.fs
  if (name === 'close') {
    if (names!.toClose !== undefined) {
      ls.t.token = 0
      llex.luaX_syntaxerror(ls, bytes('multiple to-be-closed variables in local list'))
    }
    names!.toClose = nlocvars
  }
  const ofFunction = attributes.get(f) ?? new Map<number, string>()
  attributes.set(f, ofFunction.set(nlocvars, name))
}

/** The state of a parser. It is reused until a parse fails. */
class ParserState {
  #idle: FengariState | undefined

  take(): FengariState {
    const taken = this.#idle ?? (lstate as unknown as ParserStates).lua_newstate()
    this.#idle = undefined
    return taken
  }

  giveBack(state: FengariState): void {
    state.top--
    state.watched = undefined
    this.#idle = state
  }
}

const parserState = new ParserState()

/**
 * @param source the text, with one character per byte, or a function that returns its next part, called when the parser needs it
 * @param attributes receives the attributes of local variables; undefined: the language has none
 * @param nCcalls C calls in progress, to which each syntactic level adds one
 * @param record is called for statements and operands
 */
export const parseLua = (
  source: string | PartReader,
  chunkname: Uint8Array,
  attributes: AttributeMap | undefined,
  nCcalls: number,
  record?: ParseRecord,
): { readonly proto: FengariProto } | { readonly error: Uint8Array } => {
  const L = record ? (lstate as unknown as ParserStates).lua_newstate() : parserState.take()
  L.nCcalls = nCcalls
  const watched = attributes && {
    attributes,
    closing: new ClosingParser(),
    calls: new CallLines(),
    labels: new Labels(),
    jumps: new JumpLines(),
    names: undefined,
  }
  L.watched = watched
  if (record) {
    L.record = record
    record.watch(L)
  }
  const input = new ScannedInput(L, source)
  const status = ldo.luaD_protectedparser(L, input, chunkname, bytes('t'))
  const top = L.stack[L.top - 1] as { readonly value: { readonly p: FengariProto; getstr(): Uint8Array } }
  if (status !== 0) return { error: attributes ? withLetter(top.value.getstr(), input) : top.value.getstr() }
  watched?.calls.finish()
  if (!record) parserState.giveBack(L)
  return { proto: top.value.p }
}
