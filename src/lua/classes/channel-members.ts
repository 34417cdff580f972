/** Members of Channel and HTTPMessage about the state of a channel (`hlua_channel_is_full` and its like, src/hlua.c). */
import { checkArgumentCount } from '../binding/arguments.js'
import type { ChannelView } from '../calls/channel-view.js'
import { lua, type LuaFunction, type lua_State } from '../fengari.js'

const { lua_pushboolean } = lua

/** @param check returns what the object at index 1 represents */
export const channelMembers = (
  check: (L: lua_State) => ChannelView,
): Readonly<Record<'is_full' | 'is_resp' | 'may_recv', LuaFunction>> => {
  const member =
    (name: string, read: (view: ChannelView) => boolean): LuaFunction =>
    (L) => {
      checkArgumentCount(L, 1, name)
      lua_pushboolean(L, read(check(L)))
      return 1
    }
  return {
    is_full: member('is_full', ({ channel }) => channel.isFullBut(0)),
    is_resp: member('is_resp', ({ isResponse }) => isResponse),
    may_recv: member('may_recv', ({ mayReceive }) => mayReceive),
  }
}
