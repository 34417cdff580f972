/** The table ProxyMailers: the settings for mails of a proxy (`hlua_proxy_get_mailers` in src/hlua_fcn.c). */
import type { EmailAlertConfig } from '../../config/model/proxy.js'
import { MILLISECOND } from '../../engine/clock.js'
import type { Proxy } from '../../haproxy/proxy/proxy.js'
import { formatAddress } from '../../net/address.js'
import { pushString } from '../binding/results.js'
import { lua, type lua_State } from '../fengari.js'

const { lua_createtable, lua_pushboolean, lua_pushinteger, lua_rawset } = lua

/** Pushes the table for a proxy with `email-alert` settings. */
export const pushMailers = (L: lua_State, proxy: Proxy, alert: EmailAlertConfig): void => {
  const set = (name: string, push: () => void): void => {
    pushString(L, name)
    push()
    lua_rawset(L, -3)
  }
  const setString = (name: string, text: string): void => set(name, () => pushString(L, text))
  const { mailers } = alert
  lua_createtable(L, 0, 0)
  set('track_server_health', () => lua_pushboolean(L, proxy.config.options.has('log-health-checks')))
  set('log_level', () => lua_pushinteger(L, alert.level))
  set('mailservers', () => {
    lua_createtable(L, 0, 0)
    for (const { name, address } of mailers.mailers) setString(name, formatAddress(address))
  })
  set('mailservers_timeout', () => lua_pushinteger(L, Math.floor(mailers.timeoutMail / MILLISECOND)))
  setString('smtp_hostname', alert.myhostname ?? proxy.process.machine.hostname)
  setString('smtp_from', alert.from)
  setString('smtp_to', alert.to)
}
