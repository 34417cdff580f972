/** HAProxy's default error responses, used where no `errorfile` replaces them (`http_err_msgs` in src/http.c), as HTTP/1 bytes. */

interface ErrorMessage {
  readonly reason: string
  readonly text: string
  /** the request was not read completely, so that the connection must be closed */
  readonly closes?: true
}

const MESSAGES: Readonly<Record<number, ErrorMessage>> = {
  200: { reason: 'OK', text: 'Service ready.' },
  400: { reason: 'Bad request', text: 'Your browser sent an invalid request.', closes: true },
  401: { reason: 'Unauthorized', text: 'You need a valid user and password to access this content.' },
  403: { reason: 'Forbidden', text: 'Request forbidden by administrative rules.' },
  404: { reason: 'Not Found', text: 'The resource could not be found.' },
  405: {
    reason: 'Method Not Allowed',
    text: 'A request was made of a resource using a request method not supported by that resource',
  },
  407: { reason: 'Unauthorized', text: 'You need a valid user and password to access this content.' },
  408: { reason: 'Request Time-out', text: "Your browser didn't send a complete request in time.", closes: true },
  410: { reason: 'Gone', text: 'The resource is no longer available and will not be available again.' },
  413: { reason: 'Payload Too Large', text: 'The request entity exceeds the maximum allowed.' },
  414: { reason: 'URI Too Long', text: 'The URI provided was too long for the server to process.' },
  421: { reason: 'Misdirected Request', text: 'Request sent to a non-authoritative server.' },
  422: { reason: 'Unprocessable Content', text: 'The server cannot process the contained instructions.' },
  425: { reason: 'Too Early', text: 'Your browser sent early data.' },
  429: { reason: 'Too Many Requests', text: 'You have sent too many requests in a given amount of time.' },
  431: { reason: 'Request Header Fields Too Large', text: 'Request Header Fields Too Large.' },
  500: { reason: 'Internal Server Error', text: 'An internal server error occurred.' },
  501: {
    reason: 'Not Implemented',
    text: '.The server does not support the functionality required to fulfill the request.',
  },
  502: { reason: 'Bad Gateway', text: 'The server returned an invalid or incomplete response.' },
  503: { reason: 'Service Unavailable', text: 'No server is available to handle this request.' },
  504: { reason: 'Gateway Time-out', text: "The server didn't respond in time." },
}

/** Statuses that have an error message. */
export const ERROR_STATUSES: readonly number[] = Object.keys(MESSAGES).map(Number)

/** The complete response for a status; that of 500 for a status without a message. */
export const errorMessage = (status: number): string => {
  const known = MESSAGES[status] === undefined ? 500 : status
  const { reason, text, closes } = MESSAGES[known]!
  const body = `<html><body><h1>${known} ${reason}</h1>\n${text}\n</body></html>\n`
  const connection = closes ? 'Connection: close\r\n' : ''
  return (
    `HTTP/1.1 ${known} ${reason}\r\nContent-length: ${body.length}\r\nCache-Control: no-cache\r\n${connection}` +
    `Content-Type: text/html\r\n\r\n${body}`
  )
}
