/**
 * A limit to what a script may run while HAProxy starts. HAProxy has none there and would hang for ever; here the script
 * ends with an error that says so.
 */
import { lua, luaString, type lua_State } from '../fengari.js'
import { stateOf } from './state.js'

const { lua_error, lua_pushstring, lua_sethook, LUA_MASKCOUNT } = lua

/** Some seconds of the host. */
const MOST_INSTRUCTIONS = 50_000_000

const MESSAGE = luaString(
  `no end after ${MOST_INSTRUCTIONS} instructions: HAProxy would hang here for ever, as nothing interrupts a script while it starts`,
)

/** Takes in what ran under a hook of a script's own, which has put the watch aside. */
export const spendAtStart = (L: lua_State): void => {
  const state = stateOf(L)
  state.spentAtStart += L.basehookcount
  if (state.spentAtStart <= MOST_INSTRUCTIONS) return
  lua_pushstring(L, MESSAGE)
  lua_error(L)
}

export class BudgetWatch {
  constructor(readonly L: lua_State) {
    lua_sethook(
      L,
      (running) => {
        lua_pushstring(running, MESSAGE)
        lua_error(running)
      },
      LUA_MASKCOUNT,
      MOST_INSTRUCTIONS,
    )
  }

  end(): void {
    lua_sethook(this.L, null, 0, 0)
  }
}
