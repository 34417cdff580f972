/** What the operating system says of a socket, in the words that {@link NetworkError} has. */
import { ERROR_TEXT, type NetworkErrorCode } from '../network.js'

/** Those that say the same to whoever connects. */
const ALIKE: Readonly<Record<string, NetworkErrorCode>> = {
  ECONNABORTED: 'ECONNRESET',
  EHOSTDOWN: 'EHOSTUNREACH',
  ENETDOWN: 'ENETUNREACH',
  ENFILE: 'EMFILE',
}

/** The code of an error that Node's sockets give; one that has no equal here is the end of the connection. */
export const networkErrorOf = (error: Error): NetworkErrorCode => {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return Object.hasOwn(ERROR_TEXT, code) ? (code as NetworkErrorCode) : (ALIKE[code] ?? 'ECONNRESET')
}

/** An error after the handshake: what the TLS library finds wrong, unless the system did. */
export const tlsErrorOf = (error: Error): NetworkErrorCode =>
  'code' in error && String(error.code).startsWith('ERR_SSL') ? 'SSL_FATAL' : networkErrorOf(error)
