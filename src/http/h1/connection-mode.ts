/** Connection persistence (`h1_set_cli_conn_mode` and `h1_set_srv_conn_mode` in HAProxy's src/mux_h1.c). */
import type { DecideMode } from './message-writer.js'
import type { ConnectionMode } from './message-writer.js'
import type { ConnectionOptions } from '../message.js'
import { Flag } from './states.js'

/** The mode that a request asks for. */
export const modeOfRequest = (head: { isVersion11: boolean; connection: ConnectionOptions }): ConnectionMode =>
  head.connection.close || !(head.isVersion11 || head.connection.keepAlive) ? 'close' : 'keep-alive'

/**
 * The mode of a client connection after writing a response.
 * @param closes `option httpclose`, or the proxy is stopping
 */
export const clientMode =
  (closes: boolean): DecideMode =>
  (flags, before) => {
    if (before !== 'keep-alive') return before
    if (!(flags & Flag.XFER_LEN) || flags & Flag.CONN_CLO) return 'close'
    return closes && !(flags & Flag.CONN_KAL) ? 'close' : 'keep-alive'
  }

/**
 * The mode of a server connection after writing a request.
 * @param closes `option httpclose` or `http-server-close`
 */
export const serverMode =
  (closes: boolean): DecideMode =>
  (flags, before) =>
    flags & Flag.CONN_CLO || (closes && !(flags & Flag.CONN_KAL)) ? 'close' : before

/** The mode of a server connection after reading the head of a response. */
export const modeOfResponse = (
  head: { isVersion11: boolean; connection: ConnectionOptions; body: string },
  before: ConnectionMode,
): ConnectionMode => {
  if (head.body === 'tunnel') return 'tunnel'
  if (before !== 'keep-alive') return before
  const { close, keepAlive } = head.connection
  return head.body === 'close' || close || !(head.isVersion11 || keepAlive) ? 'close' : 'keep-alive'
}
