/** Actions that scripts have registered: `lua.NAME` (`hlua_action`, src/hlua.c). */
import type { LuaAction } from '../../../config/rules/actions/lua.js'
import type { ActionGroup } from './group.js'

export const LUA_ACTIONS: ActionGroup = {
  lua: (action, scope) => scope.context.scripts?.runAction(action as LuaAction, scope) ?? 'continue',
}
