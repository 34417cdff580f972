/**
 * The HTTP check: `option httpchk`. It sends one request and takes the status of the answer: 200 to 399 is well. Other
 * expectations are rules of `http-check expect`. (`tcpcheck_eval_expect_http` in src/tcpcheck.c, src/h1.c.)
 */
import type { HealthCheckConfig } from '../../config/model.js'
import type { Connection } from '../../net/network.js'
import type { Finding } from './check.js'
import type { Dialogue } from './run.js'
import { STATUS } from './status.js'

/** More than this of headers is no answer (HAProxy's `tune.bufsize` less the reserve). */
const MAX_HEAD = 15360

/** What is said of an answer that says nothing itself. */
const MISMATCH = 'TCPCHK did not match content(status codes) at step 2'

const encoder = new TextEncoder()
const decoder = new TextDecoder('latin1')

/** The bytes of the request, made once for all servers of a backend. */
export const httpRequest = (config: HealthCheckConfig & { kind: 'http' }): Uint8Array => {
  const { method, uri, version, headers, body } = config
  const fields = headers.map(({ name, value }) => `${name.toLowerCase()}: ${value}\r\n`)
  if (body !== undefined) fields.push(`content-length: ${encoder.encode(body).length}\r\n`)
  if (version !== 'HTTP/1.0') fields.push('connection: close\r\n')
  return encoder.encode(`${method} ${uri} ${version}\r\n${fields.join('')}\r\n${body ?? ''}`)
}

export class HttpDialogue implements Dialogue {
  bytesIn = 0
  bytesOut = 0
  #head = ''

  constructor(readonly request: Uint8Array) {}

  advance(connection: Connection): Finding | undefined {
    if (connection.error === undefined && this.bytesOut < this.request.length)
      this.bytesOut += connection.write(this.request.subarray(this.bytesOut))
    const received = connection.read(MAX_HEAD)
    this.bytesIn += received.length
    this.#head += decoder.decode(received)
    const answer = parseHead(this.#head)
    if (answer === 'invalid') return { status: STATUS.SOCKERR }
    if (answer === 'incomplete') {
      if (connection.ended || this.#head.length >= MAX_HEAD) return { status: STATUS.SOCKERR }
      return undefined
    }
    if (!answer.bodyValid) return { status: STATUS.L7RSP, info: MISMATCH }
    const { code } = answer
    const reason = answer.reason === '' ? MISMATCH : answer.reason
    return code >= 200 && code <= 399 ? { status: STATUS.L7OK, code } : { status: STATUS.L7STS, code, info: reason }
  }
}

interface Answer {
  readonly code: number
  readonly reason: string
  /** false when what has come of a chunked body is none */
  readonly bodyValid: boolean
}

/** The status line and the headers, as strictly as HAProxy reads them. */
const parseHead = (text: string): Answer | 'incomplete' | 'invalid' => {
  const line = /^HTTP\/\d\.\d +(\d{1,3})(?: ([^\r\n]*))?\r?\n/.exec(text)
  if (!line) {
    if (text.includes('\n')) return 'invalid'
    return couldBeStatusLine(text) ? 'incomplete' : 'invalid'
  }
  const fields = text.slice(line[0].length)
  const end = /(?:^|\n)\r?\n/.exec(fields)
  const known = end ? fields.slice(0, end.index + (fields[end.index] === '\n' ? 1 : 0)) : fields
  const lines = known.split('\n').slice(0, -1)
  if (lines.some((each, index) => !validField(each, index))) return 'invalid'
  if (!end) return 'incomplete'
  const body = fields.slice(end.index + end[0].length)
  const chunked = lines.some((each) => /^transfer-encoding:.*\bchunked\b/i.test(each))
  return {
    code: Number(line[1]),
    reason: line[2] ?? '',
    bodyValid: !chunked || body === '' || /^[0-9a-f]+[\r\n;]?/i.test(body),
  }
}

const couldBeStatusLine = (text: string): boolean => {
  const shape = 'HTTP/'
  return shape.startsWith(text.slice(0, shape.length)) && (text.length <= 5 || /^HTTP\/\d?(\.(\d( .*)?)?)?/.test(text))
}

const validField = (line: string, index: number): boolean =>
  /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+:/.test(line) || (index > 0 && /^[ \t]/.test(line))
