/**
 * Variables to be closed (`local x <close>`, the fourth value of a generic `for`), and the calls of `__close`, latest first, when a block
 * is left, an error is unwound or a coroutine is closed (lfunc.c, ldo.c).
 */
import { callFromNative, callMeta, YIELDED } from './call.js'
import { runtimeError } from './errors.js'
import { metamethodOf } from './metamethod.js'
import { localName } from './names.js'
import type { Call, LuaError, LuaThread, ToClose } from './state.js'
import { SUSPENDED, type LuaClosure, type LuaValue, type Result } from './value.js'

/** Registers a value to be closed when the block of `register` is left; nil and false are ignored. */
export const markToClose = (L: LuaThread, ci: Call, register: number, value: LuaValue): void => {
  if (value === undefined || value === false) return
  if (metamethodOf(L, value, '__close') === undefined) {
    const name = localName((ci.func as LuaClosure).p, register + 1, ci.pc + 1) ?? '?'
    runtimeError(L, `variable '${name.startsWith('(') ? '(for state)' : name}' got a non-closable value`)
  }
  L.toClose.push({ ci, register, value })
}

/** Closes the variables in registers of a call from `level` on. Returns SUSPENDED if a `__close` yielded; then it must be called again. */
export const closeVariables = (L: LuaThread, ci: Call, level: number): Result => {
  const { toClose } = L
  for (let last = toClose.at(-1); last?.ci === ci && last.register >= level; last = toClose.at(-1)) {
    toClose.pop()
    if (callMeta(L, metamethodOf(L, last.value, '__close'), [last.value, undefined]) === SUSPENDED) return SUSPENDED
  }
  return undefined
}

/**
 * Closes all variables above `ci` (`luaD_closeprotected`). An error in a `__close` replaces the previous one.
 *
 * @param error undefined if variables are not closed because of an error
 * @param caught converts an exception to a Lua error, and restores the state of `ci`
 * @returns the last error; SUSPENDED if a `__close` yielded: then `ci.failure` is the error
 */
export const closeAbove = <E extends LuaError | undefined>(
  L: LuaThread,
  ci: Call,
  error: E,
  { noYield, caught }: { readonly noYield: boolean; readonly caught: (thrown: unknown) => LuaError },
): E | LuaError | typeof SUSPENDED => {
  let failure: E | LuaError = error
  for (let last = nextAbove(L, ci); last; last = nextAbove(L, ci)) {
    ci.failure = failure
    try {
      const method = metamethodOf(L, last.value, '__close')
      if (callFromNative(L, method, [last.value, failure?.value], noYield) === SUSPENDED) return SUSPENDED
    } catch (thrown) {
      if (thrown === YIELDED) throw thrown
      failure = caught(thrown)
    }
  }
  ci.failure = undefined
  return failure
}

/** Removes and returns the next variable to be closed above `ci`. Its call record is gone and may have been reused. */
const nextAbove = ({ toClose }: LuaThread, ci: Call): ToClose | undefined => {
  let first = toClose.length
  while (first > 0 && toClose[first - 1]!.ci.level > ci.level) first--
  const pending = (ci.pending ??= [])
  pending.push(...toClose.splice(first))
  return pending.pop()
}

/**
 * Removes and returns all variables to be closed of a coroutine, including those that an error has started to close, in the order of their
 * declaration.
 */
export const takeAll = (L: LuaThread): ToClose[] => {
  const calls: Call[] = []
  for (let ci: Call | null = L.ci; ci !== null; ci = ci.previous) calls.unshift(ci)
  const all = L.toClose.splice(0)
  return calls.flatMap((ci) => {
    const pending = ci.pending ?? []
    ci.pending = null
    return [...all.filter((each) => each.ci === ci), ...pending]
  })
}
