/**
 * Evaluates Lua code in the scope of a function on the stack: names refer to its local variables and upvalues, then to globals, and can be
 * assigned. The code runs in a separate coroutine that cannot yield, takes no virtual time, and is aborted if it runs too long.
 */
import { toByteString } from '../bytes/text.js'
import { displayText } from '../lua/stdlib/display.js'
import { runtimeError } from '../lua/vm/errors.js'
import { MASK_COUNT, setHook } from '../lua/vm/hook.js'
import { compile } from '../lua/vm/parser.js'
import { protectedCall } from '../lua/vm/protect.js'
import { LuaThread, OK, REGISTRY_GLOBALS } from '../lua/vm/state.js'
import { LuaTable } from '../lua/vm/table.js'
import { LuaClosure, UpValue, type LuaValue } from '../lua/vm/value.js'
import type { Frame } from './frame.js'

const MAX_INSTRUCTIONS = 20_000_000

/** Returns the values of an expression, or of statements. Throws an Error with Lua's message. @param frame undefined: globals only */
export const evaluateInFrame = (L: LuaThread, frame: Frame | undefined, text: string): LuaValue[] => {
  const source = toByteString(text)
  const version = L.l_G.version
  let compiled = compile(`return ${source}`, '=evaluate', version)
  if ('error' in compiled) compiled = compile(source, '=evaluate', version)
  if ('error' in compiled) throw new Error(compiled.error)
  const globals = L.l_G.registry.getInt(REGISTRY_GLOBALS)
  const environment = frame ? environmentOf(frame, globals as LuaTable) : globals
  const closure = new LuaClosure(compiled.proto, [new UpValue(environment)])
  const thread = new LuaThread(L.l_G)
  setHook(
    thread,
    (running) => runtimeError(running, `aborted after ${MAX_INSTRUCTIONS} instructions`),
    MASK_COUNT,
    MAX_INSTRUCTIONS,
  )
  const at = thread.top
  const rest = frame?.rest ?? []
  const status = protectedCall(thread, closure, rest, { at, wanted: -1, handler: undefined, noYield: true })
  const values = thread.stack.slice(at, thread.top)
  if (status !== OK) throw new Error(displayText(thread, values[0]))
  return values
}

/** An `_ENV` that resolves names like the function does. */
const environmentOf = (frame: Frame, globals: LuaTable): LuaTable => {
  const environment = new LuaTable()
  const meta = new LuaTable()
  meta.setKey('__index', (L) => {
    const key = L.stack[L.ci.base + 2]
    const variable = frame.variable(key)
    L.stack[L.top++] = variable ? variable.get() : globals.get(key)
    return 1
  })
  meta.setKey('__newindex', (L) => {
    const [key, value] = [L.stack[L.ci.base + 2], L.stack[L.ci.base + 3]]
    const variable = frame.variable(key)
    if (variable) variable.set(value)
    else globals.set(key, value)
    return 0
  })
  environment.metatable = meta
  return environment
}
