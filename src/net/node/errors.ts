/** Maps errors of Node's sockets to {@link NetworkErrorCode}. */
import { ERROR_TEXT, type NetworkErrorCode } from '../network.js'

/** Codes that HAProxy's checks do not distinguish. */
const EQUIVALENTS: Readonly<Record<string, NetworkErrorCode>> = {
  ECONNABORTED: 'ECONNRESET',
  EHOSTDOWN: 'EHOSTUNREACH',
  ENETDOWN: 'ENETUNREACH',
  ENFILE: 'EMFILE',
}

/** Maps an error of a Node socket; unknown ones count as a reset. */
export const toNetworkError = (error: Error): NetworkErrorCode => {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return Object.hasOwn(ERROR_TEXT, code) ? (code as NetworkErrorCode) : (EQUIVALENTS[code] ?? 'ECONNRESET')
}

/** Maps an error on an established TLS connection: of the TLS library or of the system. */
export const toTlsError = (error: Error): NetworkErrorCode =>
  'code' in error && String(error.code).startsWith('ERR_SSL') ? 'SSL_FATAL' : toNetworkError(error)
