/** The fields `f`, `sf`, `c` and `sc` of TXN, AppletTCP and AppletHTTP: fetches and converters, with results of any type and as strings. */
import { setObject } from '../binding/object-field.js'
import { Converters, Fetches, type SampleCaller } from '../calls/txn.js'
import type { lua_State } from '../fengari.js'

/**
 * Sets the fields of a new object, which is on top of the stack.
 * @param withChannels whether fetches of what the channels hold are available
 */
export const setSampleFields = (L: lua_State, caller: SampleCaller, withChannels: boolean): void => {
  setObject(L, 'f', new Fetches(caller, false, withChannels))
  setObject(L, 'sf', new Fetches(caller, true, withChannels))
  setObject(L, 'c', new Converters(caller, false))
  setObject(L, 'sc', new Converters(caller, true))
}
