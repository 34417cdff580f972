/** The data of a channel that a call of the classes Channel and HTTPMessage sees, and the arguments that select a part of them. */
import type { Channel } from '../../haproxy/streams/channel.js'
import { intArgument } from '../binding/arguments.js'
import { throwMessage } from '../binding/errors.js'
import { lua, type lua_State } from '../fengari.js'
import { FILTER_FIELD, LuaFilter } from './lua-filter.js'

const { lua_error, lua_getfield, lua_gettop, lua_pop, lua_touserdata } = lua

export interface PayloadRange {
  /** where it begins in the buffer */
  readonly offset: number
  readonly length: number
  /** the filter that the object belongs to; undefined in actions */
  readonly filter: LuaFilter | undefined
}

/** The filter that the object at argument 1 belongs to. */
export const filterOfObject = (L: lua_State): LuaFilter | undefined => {
  lua_getfield(L, 1, FILTER_FIELD)
  const filter = lua_touserdata(L, -1)
  lua_pop(L, 1)
  return filter instanceof LuaFilter ? filter : undefined
}

/** All input of a channel. */
const inputOf = ({ buffer }: Channel): PayloadRange => ({
  offset: buffer.outputData,
  length: buffer.inputData,
  filter: undefined,
})

/** What a filter is offered. */
export const payloadOf = (filter: LuaFilter, channel: Channel): PayloadRange => ({
  ...filter.payloadOf(channel),
  filter,
})

/**
 * What the object at argument 1 gives access to: all input, or what a filter's payload callback is offered. In other callbacks it throws what
 * is on top of the stack, as HAProxy does.
 */
export const rangeOf = (L: lua_State, channel: Channel): PayloadRange => {
  const filter = filterOfObject(L)
  if (!filter) return inputOf(channel)
  if (!filter.isInPayload) lua_error(L)
  return payloadOf(filter, channel)
}

/** Where in the buffer an offset argument is: a negative one counts from the end. Without the argument, the beginning of the range. */
export const startArgument = (L: lua_State, arg: number, { offset, length }: PayloadRange): number => {
  if (lua_gettop(L) < arg) return offset
  const argument = intArgument(L, arg)
  return offset + (argument < 0 ? Math.max(0, length + argument) : argument)
}

/** The same for offsets that must not be beyond the end. */
export const startWithin = (L: lua_State, arg: number, range: PayloadRange): number => {
  const start = startArgument(L, arg, range)
  return start > range.offset + range.length ? throwMessage(L, 'offset out of range.') : start
}

/** How many bytes from `start` on a length argument selects: -1, and no argument, are those up to the end. */
export const lengthWithin = (L: lua_State, arg: number, start: number, { offset, length }: PayloadRange): number => {
  const rest = offset + length - start
  if (lua_gettop(L) !== arg) return rest
  const argument = intArgument(L, arg)
  if (argument === -1) return rest
  return argument < 0 || argument > rest ? throwMessage(L, 'length out of range.') : argument
}

/** A length argument that may be beyond the end: -1 is the size of a buffer. */
export const wantedLength = (L: lua_State, arg: number, bufsize: number): number => {
  const argument = intArgument(L, arg)
  if (argument === -1) return bufsize
  return argument < 0 ? throwMessage(L, 'length out of range.') : argument
}
