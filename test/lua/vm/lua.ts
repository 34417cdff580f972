/** Runs Lua in the VM alone, with its own libraries and what Fengari adds, and gives what was printed. */
import { toByteString } from '../../../src/bytes/text.js'
import '../../../src/lua/fengari.js'
import {
  openBase,
  openBit32,
  openCoroutine,
  openMath,
  openString,
  openTable,
  openUtf8,
} from '../../../src/lua/stdlib/lua-libraries.js'
import { displayText } from '../../../src/lua/stdlib/display.js'
import { load } from '../../../src/lua/vm/api/calls.js'
import { protectedCall } from '../../../src/lua/vm/protect.js'
import { newState, type LuaThread, type LuaVersion } from '../../../src/lua/vm/state.js'
import { LuaTable } from '../../../src/lua/vm/table.js'
import type { LuaValue, NativeFunction } from '../../../src/lua/vm/value.js'

const LIBRARIES: Readonly<Record<string, NativeFunction>> = {
  coroutine: openCoroutine,
  table: openTable,
  string: openString,
  math: openMath(() => 42n),
  utf8: openUtf8,
}

export class Lua {
  readonly L: LuaThread
  readonly globals: LuaTable
  output: string[] = []

  constructor(version: LuaVersion = '5.4') {
    this.L = newState(version)
    openBase(this.L)
    this.globals = this.L.stack[--this.L.top] as LuaTable
    const loaded = new LuaTable()
    this.L.l_G.registry.setKey('_LOADED', loaded)
    loaded.setKey('_G', this.globals)
    const libraries = version === '5.3' ? { ...LIBRARIES, bit32: openBit32 } : LIBRARIES
    for (const [name, open] of Object.entries(libraries)) {
      open(this.L)
      const library = this.L.stack[--this.L.top]
      this.globals.setKey(name, library)
      loaded.setKey(name, library)
    }
    const print: NativeFunction = (L) => {
      this.output.push(
        L.stack
          .slice(L.ci.base + 1, L.top)
          .map((value) => displayText(L, value))
          .join('\t'),
      )
      return 0
    }
    this.globals.setKey('print', print)
  }

  /** Runs a program and returns its results, or its message after `error: `. */
  run(source: string, name = '=test'): readonly LuaValue[] {
    const { L } = this
    if (load(L, toByteString(source), name, 't') !== 0) throw new Error(String(L.stack[--L.top]))
    const f = L.stack[--L.top]
    const at = L.top
    const status = protectedCall(L, f, [], { at, wanted: -1, handler: undefined, noYield: true })
    const results = L.stack.slice(at, L.top)
    L.top = at
    if (status !== 0) throw new Error(displayText(L, results[0]))
    return results
  }
}

/** What a program prints, a line each; an error is the last line. */
export const printed = (source: string, version: LuaVersion = '5.4', name = '=test'): readonly string[] => {
  const lua = new Lua(version)
  try {
    lua.run(source, name)
  } catch (error) {
    lua.output.push(`error: ${(error as Error).message}`)
  }
  return lua.output
}
