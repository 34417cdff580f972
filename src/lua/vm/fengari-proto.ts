/** Conversion of the prototypes that Fengari's parser creates. */
import { binary } from './bytes.js'
import { closingCode } from './closing-code.js'
import { Proto, type Instruction, type Translator } from './proto.js'
import { LuaFloat, type LuaValue } from './value.js'

/** A prototype created by Fengari's parser. */
export interface FengariProto {
  readonly k: readonly FengariValue[]
  readonly code: readonly Instruction[]
  readonly p: readonly FengariProto[]
  readonly upvalues: readonly { readonly name: FengariString | null; readonly instack: boolean; readonly idx: number }[]
  readonly locvars: readonly { readonly varname: FengariString; readonly startpc: number; readonly endpc: number }[]
  readonly lineinfo: readonly number[]
  /** of jumps by `goto` and `break`: the line in which they arrive (jump-lines.ts) */
  jumpLines?: Map<number, number>
  readonly numparams: number
  readonly is_vararg: boolean
  readonly maxstacksize: number
  readonly linedefined: number
  readonly lastlinedefined: number
  readonly source: FengariString
}
export interface FengariString {
  getstr(): Uint8Array
}
export interface FengariValue {
  readonly type: number
  readonly value: unknown
}

const FLOAT = 3
const STRING = 4

const constant = ({ type, value }: FengariValue): LuaValue => {
  if (type === FLOAT) return new LuaFloat(value as number)
  if ((type & 15) === STRING) return binary((value as FengariString).getstr())
  return value === null ? undefined : (value as LuaValue)
}

/** Attributes of local variables, by prototype and index of the variable. */
export type Attributes = ReadonlyMap<unknown, ReadonlyMap<number, string>>

/** The line of each instruction in the final code of a function. */
const withJumpLines = ({ lineinfo, jumpLines }: FengariProto, code: FengariProto['code']): readonly number[] => {
  if (!jumpLines) return lineinfo
  const lines = [...lineinfo]
  for (const [pc, line] of jumpLines) if (code[pc]!.A > 0) lines[pc] = line
  return lines
}

/** @param source name of the chunk, shared by all its functions because it may be the text itself */
export const fromFengari = (
  proto: FengariProto,
  attributes: Attributes,
  translator: Translator,
  source = binary(proto.source.getstr()),
): Proto => {
  const locvars = proto.locvars.map(({ varname, startpc, endpc }, i) => ({
    name: binary(varname.getstr()),
    startpc,
    endpc,
    attribute: attributes.get(proto)?.get(i),
  }))
  const code = closingCode(proto.code, locvars)
  return new Proto(
    proto.k.map(constant),
    code,
    proto.p.map((each) => fromFengari(each, attributes, translator, source)),
    proto.upvalues.map(({ name, instack, idx }) => ({ name: name ? binary(name.getstr()) : undefined, instack, idx })),
    locvars,
    code === proto.code ? proto.lineinfo : withJumpLines(proto, code),
    proto.numparams,
    proto.is_vararg,
    proto.maxstacksize,
    proto.linedefined,
    proto.lastlinedefined,
    source,
    translator,
  )
}
