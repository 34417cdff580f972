/** Members that AppletTCP and AppletHTTP share: variables and private data (`hlua_applet_tcp_…`, src/hlua.c). */
import { checkArgumentCount } from '../binding/arguments.js'
import { pushPrivateData, setPrivateData } from '../binding/private-data.js'
import type { AppletScope } from '../calls/applet.js'
import type { LuaFunction, lua_State } from '../fengari.js'
import { variableMembers } from './variable-members.js'

/** @param check returns what the object at index 1 is bound to */
export const appletMembers = (check: (L: lua_State) => AppletScope): Readonly<Record<string, LuaFunction>> => ({
  set_priv: (L) => {
    const owner = check(L).privateOwner
    if (!owner) return 0
    checkArgumentCount(L, 2, 'set_priv')
    return setPrivateData(L, owner)
  },
  get_priv: (L) => pushPrivateData(L, check(L).privateOwner),
  ...variableMembers(check),
})
