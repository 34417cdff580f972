/** HTTP messages, HTTP/1 reading and writing, and parsers for parts of messages. No I/O, no time, no configuration. */
export { BodyQueue } from './body-queue.js'
export { cookieNamesOf, cookiesOf, nextCookie, type Cookie } from './cookies.js'
export { imfDate, parseAsctimeDate, parseHttpDate, parseImfDate, parseRfc850Date } from './dates.js'
export { errorMessage, ERROR_STATUSES } from './error-messages.js'
export { Fields, type Field } from './fields.js'
export { clientMode, modeOfRequest, modeOfResponse, serverMode } from './h1/connection-mode.js'
export { DEFAULT_LIMITS, type MessageLimits } from './h1/limits.js'
export { MessageReader, type MessageError, type MessageEvent, type ReaderOptions } from './h1/message-reader.js'
export {
  MessageMismatch,
  MessageWriter,
  type ConnectionMode,
  type DecideMode,
  type WriterOptions,
} from './h1/message-writer.js'
export { H2_PREFACE, matchPreface, RequestReader, type RequestReaderOptions } from './h1/request-reader.js'
export { ResponseReader, type ResponseReaderOptions } from './h1/response-reader.js'
export { stateName } from './h1/states.js'
export { KNOWN_METHODS } from './methods.js'
export type { BodyKind, ConnectionOptions, RequestHead, ResponseHead } from './message.js'
export { normalizePath, type PathNormalizer } from './normalize-path.js'
export { findParameter, locateParameter, type ParameterOptions } from './parameters.js'
export { reasonOf } from './status.js'
export { parseStoredResponse, type StoredResponse } from './stored-response.js'
export { isDefaultPort, parseUri, portOf, splitQuery, withoutPort, withoutUserInfo, type Uri } from './uri.js'
export { listValues } from './values.js'
