/** Types of Fengari's internal modules that the VM uses: the parser, and conversion of numbers. */
declare module 'fengari/src/lstring.js' {
  interface TString {
    hash: string | null
    getstr(): Uint8Array
  }
  const lstring: {
    luaS_hash: (text: Uint8Array) => string
    luaS_hashlongstr: (text: TString) => string
  }
  export default lstring
}

declare module 'fengari/src/lua.js' {
  const lua: Record<string, unknown>
  export default lua
}

declare module 'fengari/src/fengaricore.js' {
  const core: { readonly FENGARI_RELEASE: string }
  export default core
}

declare module 'fengari/src/ldo.js' {
  const ldo: { luaD_protectedparser(L: unknown, z: unknown, name: Uint8Array, mode: Uint8Array | null): number }
  export default ldo
}

declare module 'fengari/src/lvm.js' {
  const lvm: { tointeger: (value: { readonly type: number; readonly value: unknown }) => unknown }
  export default lvm
}

declare module 'fengari/src/lzio.js' {
  /** `off` is the offset after the current character, `n` is negative at the end of the text */
  export interface ZIO {
    readonly buffer: Uint8Array | null
    off: number
    n: number
    zgetc(): number
  }
  const lzio: { readonly ZIO: new (L: unknown, reader: () => Uint8Array | null, data: unknown) => ZIO }
  export default lzio
}

declare module 'fengari/src/llex.js' {
  import type { ZIO } from 'fengari/src/lzio.js'
  import type { FengariProto } from './fengari-proto.js'
  interface Block {
    upval: number | boolean
    readonly previous: Block | null
    readonly firstlabel: number
  }
  interface FuncState {
    readonly f: FengariProto & { readonly lineinfo: number[] }
    readonly bl: Block
    readonly pc: number
    readonly jpc: number
    readonly firstlocal: number
    readonly nlocvars: number
    readonly nactvar: number
    readonly freereg: number
  }
  /** a jump by `goto` or `break` */
  interface Goto {
    readonly name: FengariText
    readonly pc: number
    readonly line: number
  }
  interface LexState {
    readonly L: object
    readonly z: ZIO
    current: number
    linenumber: number
    lastline: number
    readonly lookahead: { token: number; readonly seminfo: SemanticInfo }
    readonly buff: { n: number; readonly buffer: Uint8Array }
    readonly fs: FuncState
    readonly dyd: {
      /** the first `n` are jumps whose targets have not been read yet */
      readonly gt: { readonly n: number; readonly arr: readonly Goto[] }
      readonly actvar: { readonly arr: readonly { readonly idx: number }[] }
      readonly label: {
        readonly n: number
        readonly arr: readonly { readonly name: FengariText; readonly line: number }[]
      }
    }
    readonly t: { token: number; readonly seminfo: SemanticInfo }
  }
  interface FengariText {
    getstr(): Uint8Array
  }
  interface SemanticInfo {
    ts: FengariText
    i: number | bigint
    r: number
  }
  const llex: {
    readonly RESERVED: Readonly<Record<string, number>>
    readonly FIRST_RESERVED: number
    readonly luaX_tokens: readonly Uint8Array[]
    luaX_next: (ls: LexState) => void
    luaX_lookahead: (ls: LexState) => number
    luaX_newstring(ls: LexState, text: Uint8Array): FengariText
    luaX_syntaxerror: (ls: LexState, message: Uint8Array) => never
  }
  export type { FengariText, FuncState, Goto, LexState, SemanticInfo }
  export default llex
}

declare module 'fengari/src/lcode.js' {
  const lcode: { luaK_code(fs: unknown, instruction: unknown): number }
  export default lcode
}

declare module 'fengari/src/lopcodes.js' {
  import type { Instruction } from './proto.js'
  const lopcodes: {
    CREATE_ABC(opcode: number, a: number, b: number, c: number): Instruction
    SETARG_B(i: Instruction, b: number): void
    SETARG_C(i: Instruction, c: number): void
  }
  export default lopcodes
}

declare module 'fengari/src/lauxlib.js' {
  import type { lua_State, Text } from 'fengari'
  const lauxlib: {
    luaL_checklstring(L: lua_State, arg: number): Uint8Array
    luaL_optlstring(L: lua_State, arg: number, def: Text | null): Uint8Array | null
  }
  export default lauxlib
}
