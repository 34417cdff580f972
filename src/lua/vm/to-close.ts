/**
 * Variables to be closed (`local x <close>`, the fourth value of a generic `for`): which there are, and the calls of `__close`, the
 * last one first, when a block is left, an error passes or a coroutine is closed (lfunc.c, ldo.c).
 */
import { callFromNative, callMeta, YIELDED } from './call.js'
import { runtimeError } from './errors.js'
import { metamethodOf } from './metamethod.js'
import { localName } from './names.js'
import type { Call, LuaError, LuaThread, ToClose } from './state.js'
import { SUSPENDED, type LuaClosure, type LuaValue, type Result } from './value.js'

/** A value is closed when the block is left in which `register` is; nil and false need not be. */
export const markToClose = (L: LuaThread, ci: Call, register: number, value: LuaValue): void => {
  if (value === undefined || value === false) return
  if (metamethodOf(L, value, '__close') === undefined) {
    const name = localName((ci.func as LuaClosure).p, register + 1, ci.pc + 1) ?? '?'
    runtimeError(L, `variable '${name.startsWith('(') ? '(for state)' : name}' got a non-closable value`)
  }
  L.toClose.push({ ci, register, value })
}

/** Closes the variables in registers of a call from `level` on. Returns SUSPENDED when one has yielded; it must be called again then. */
export const closeVariables = (L: LuaThread, ci: Call, level: number): Result => {
  const { toClose } = L
  for (let last = toClose.at(-1); last?.ci === ci && last.register >= level; last = toClose.at(-1)) {
    toClose.pop()
    if (callMeta(L, metamethodOf(L, last.value, '__close'), [last.value, undefined]) === SUSPENDED) return SUSPENDED
  }
  return undefined
}

/**
 * Closes all that stands above `ci` (`luaD_closeprotected`): an error in a `__close` takes the place of the one before it.
 *
 * @param error undefined when it is no error that closes
 * @param caught makes an error of Lua of what was thrown, and puts the state back to where `ci` runs
 * @returns the error that is left; SUSPENDED when a `__close` has yielded: `ci.failure` is the error then
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

/** Takes what is to be closed next above `ci`. Their calls are gone and their records used again: they are set aside from the others. */
const nextAbove = ({ toClose }: LuaThread, ci: Call): ToClose | undefined => {
  let first = toClose.length
  while (first > 0 && toClose[first - 1]!.ci.level > ci.level) first--
  const pending = (ci.pending ??= [])
  pending.push(...toClose.splice(first))
  return pending.pop()
}

/** Takes all that is to be closed in a coroutine, the last one last; what an error had begun to close is among them. */
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
