/** Formats responses of the HTTP server; a test may specify invalid ones (RFC 9112). */

/** A complete response. */
export interface FormattedResponse {
  readonly status: number
  readonly reason: string
  readonly headers: Readonly<Record<string, string>>
  /** a byte string */
  readonly body: string
}

/** A response as bytes. Content-Length and Connection are added unless the headers include them. */
export const formatResponse = (
  answer: FormattedResponse,
  options: { method: string; keepAlive: boolean; isVersion11: boolean },
): string => {
  const { status, reason, body } = answer
  const bodiless = status < 200 || status === 204 || status === 304
  const headers = { ...answer.headers }
  const has = (name: string) => Object.keys(headers).some((key) => key.toLowerCase() === name)
  if (!bodiless && !has('content-length') && !has('transfer-encoding')) headers['content-length'] = String(body.length)
  if (!has('connection')) {
    if (!options.keepAlive) headers['connection'] = 'close'
    else if (!options.isVersion11) headers['connection'] = 'keep-alive'
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const sent = bodiless || options.method === 'HEAD' ? '' : body
  return `HTTP/1.1 ${status} ${reason}\r\n${lines.join('')}\r\n${sent}`
}

/** The reason phrase of a status in RFC 9110; empty for unknown ones. */
export const reasonPhrase = (status: number): string => REASONS[status] ?? ''

const REASONS: Readonly<Record<number, string>> = {
  100: 'Continue',
  101: 'Switching Protocols',
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  206: 'Partial Content',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  410: 'Gone',
  413: 'Content Too Large',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  505: 'HTTP Version Not Supported',
}
