/** The answer of an HTTP check, read as strictly as HAProxy reads it (src/h1.c, src/mux_h1.c). Byte strings all. */

export interface HttpAnswer {
  readonly version: string
  readonly code: number
  readonly codeText: string
  readonly reason: string
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  /** what has come of it, without the framing of chunks */
  readonly body: string
  /** no more of it will come */
  readonly complete: boolean
  /** a chunked body is invalid */
  readonly broken: boolean
}

/** More than this of headers is no answer (HAProxy's `tune.bufsize` less the reserve). */
const MAX_HEAD = 15360

/**
 * The response as far as it has been received; `invalid` if it is not HTTP.
 * @param ended the server has finished sending
 */
export const parseAnswer = (text: string, ended: boolean): HttpAnswer | 'incomplete' | 'invalid' => {
  const line = /^HTTP\/(\d\.\d) +(\d{1,3})(?: ([^\r\n]*))?\r?\n/.exec(text)
  if (!line) {
    if (text.includes('\n')) return 'invalid'
    return couldBeStatusLine(text) ? 'incomplete' : 'invalid'
  }
  const fields = text.slice(line[0].length)
  const end = /(?:^|\n)\r?\n/.exec(fields)
  const known = end ? fields.slice(0, end.index + (fields[end.index] === '\n' ? 1 : 0)) : fields
  const lines = known.split('\n').slice(0, -1)
  if (lines.some((each, index) => !validField(each, index))) return 'invalid'
  if (!end) return text.length >= MAX_HEAD ? 'invalid' : 'incomplete'
  const code = Number(line[2])
  const rest = fields.slice(end.index + end[0].length)
  const headers = joinFields(lines)
  return {
    version: line[1]!,
    code,
    codeText: line[2]!,
    reason: line[3] ?? '',
    headers,
    ...readBody(rest, headers, code, ended),
  }
}

/** A byte string without spaces and tabs around it: 0xA0, which `trim` takes for a space, may be part of a character. */
export const trimBlanks = (text: string): string => text.replace(/^[ \t]+|[ \t]+$/g, '')

const joinFields = (lines: readonly string[]): HttpAnswer['headers'] => {
  const headers: { name: string; value: string }[] = []
  for (const line of lines) {
    const text = line.replace(/\r$/, '')
    if (/^[ \t]/.test(text)) headers.at(-1)!.value += ` ${trimBlanks(text)}`
    else {
      const colon = text.indexOf(':')
      headers.push({ name: text.slice(0, colon), value: trimBlanks(text.slice(colon + 1)) })
    }
  }
  return headers
}

const readBody = (
  rest: string,
  headers: HttpAnswer['headers'],
  code: number,
  ended: boolean,
): Pick<HttpAnswer, 'body' | 'complete' | 'broken'> => {
  const field = (name: string) => headers.find((each) => each.name.toLowerCase() === name)?.value
  // HAProxy looks at an interim answer as at any other
  if (code < 200 || code === 204 || code === 304) return { body: '', complete: true, broken: false }
  if (/\bchunked\b/i.test(field('transfer-encoding') ?? '')) return readChunks(rest, ended)
  const length = field('content-length')
  if (length === undefined) return { body: rest, complete: ended, broken: false }
  const body = rest.slice(0, Number(length))
  return { body, complete: ended || body.length >= Number(length), broken: false }
}

const readChunks = (text: string, ended: boolean): Pick<HttpAnswer, 'body' | 'complete' | 'broken'> => {
  let body = ''
  let at = 0
  while (at < text.length) {
    const size = /^([0-9a-f]+)(?:[ \t]*;[^\r\n]*)?\r?\n/i.exec(text.slice(at))
    if (!size) {
      const broken = !/^[0-9a-f]+[\r\n;]?/i.test(text.slice(at))
      return { body, complete: broken || ended, broken: broken && body === '' }
    }
    const length = Number.parseInt(size[1]!, 16)
    if (length === 0) return { body, complete: true, broken: false }
    const from = at + size[0].length
    body += text.slice(from, from + length)
    at = from + length
    if (text.startsWith('\r\n', at)) at += 2
    else if (text.startsWith('\n', at)) at++
    else break
  }
  return { body, complete: ended, broken: false }
}

const couldBeStatusLine = (text: string): boolean => {
  const shape = 'HTTP/'
  return shape.startsWith(text.slice(0, shape.length)) && (text.length <= 5 || /^HTTP\/\d?(\.(\d( .*)?)?)?/.test(text))
}

const validField = (line: string, index: number): boolean =>
  /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+:/.test(line) || (index > 0 && /^[ \t]/.test(line))
