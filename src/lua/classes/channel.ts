/** The class Channel: what is received from one side of a stream and not yet sent to the other (`hlua_channel_…` in src/hlua.c). */
import { INPUT_CLOSED } from '../../haproxy/streams/connector.js'
import { checkArgumentCount } from '../binding/arguments.js'
import { LuaClass } from '../binding/lua-class.js'
import { ChannelView } from '../calls/channel-view.js'
import { lua, type LuaFunction } from '../fengari.js'
import type { ApiPart } from './api-part.js'

const { lua_pushboolean } = lua

const isFull: LuaFunction = (L) => {
  checkArgumentCount(L, 1, 'is_full')
  const { channel } = channelClass.check(L, 1)
  lua_pushboolean(L, channel.isFull)
  return 1
}

const isResponse: LuaFunction = (L) => {
  checkArgumentCount(L, 1, 'is_resp')
  lua_pushboolean(L, channelClass.check(L, 1).isResponse)
  return 1
}

const mayReceive: LuaFunction = (L) => {
  checkArgumentCount(L, 1, 'may_recv')
  lua_pushboolean(L, !channelClass.check(L, 1).producer.has(INPUT_CLOSED))
  return 1
}

const channelClass: LuaClass<ChannelView> = new LuaClass<ChannelView>('Channel', {
  type: ChannelView,
  ownUserdata: true,
  methods: { is_full: isFull, is_resp: isResponse, may_recv: mayReceive },
})

export const CHANNEL: ApiPart = { class: channelClass }
