/** `expect` and the values it compares (`cmd_var_resolve` in VTest's src/vtc_http.c, `vtc_expect` in src/vtc_subr.c). */
import { decimal } from '../arguments.js'
import { Failure } from '../failure.js'
import { fieldOf, UNDEFINED, type HttpSession } from './session.js'
import type { Actor, Commands } from '../test.js'

/** The value that a word stands for: itself, unless it is a name; undefined: the message has no such part. */
const valueOf = (word: string, session: HttpSession): string | undefined => {
  const { request, response, body } = session
  switch (word) {
    case 'remote.ip':
      return session.pipe?.remote.ip
    case 'remote.port':
      return session.pipe && String(session.pipe.remote.port)
    case 'remote.path':
      return session.pipe?.remote.path
    case 'req.method':
      return request.start[0]
    case 'req.url':
      return request.start[1]
    case 'req.proto':
      return request.start[2]
    case 'resp.proto':
      return response.start[0]
    case 'resp.status':
      return response.start[1]
    case 'resp.reason':
      return response.start[2]
    case 'resp.chunklen':
      return session.chunkLength
    case 'req.bodylen':
    case 'resp.bodylen':
      return session.bodyLength
    case 'req.body':
    case 'resp.body':
      // up to the first NUL, as it is a string of C
      return body?.split('\0', 1)[0] ?? word
    case 'h2.state':
      return 'false'
  }
  if (word.startsWith('req.http.')) return fieldOf(request, word.slice('req.http.'.length))
  if (word.startsWith('resp.http.')) return fieldOf(response, word.slice('resp.http.'.length))
  return word
}

/** `strtoul` with any base. */
const unsigned = (text: string): number => {
  const [, hex, octal, digits] = /^\s*(?:0x([0-9a-f]+)|0([0-7]+)|(\d+))/i.exec(text) ?? []
  return hex !== undefined ? parseInt(hex, 16) : octal !== undefined ? parseInt(octal, 8) : Number(digits ?? 0)
}

const NUMBERS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '<': (left, right) => left < right,
  '>': (left, right) => left > right,
  '<=': (left, right) => left <= right,
  '>=': (left, right) => left >= right,
}

const INTEGERS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '-lt': (left, right) => left < right,
  '-le': (left, right) => left <= right,
  '-eq': (left, right) => left === right,
  '-ne': (left, right) => left !== right,
  '-ge': (left, right) => left >= right,
  '-gt': (left, right) => left > right,
}

/** Whether a text matches a regular expression. Throws a {@link Failure} for an invalid one. */
export const matches = ({ test }: Actor, pattern: string, text: string): boolean =>
  test.prepared.regex(pattern).test(text)

/** Compares two values; undefined: there is no such operator. */
const compare = (
  actor: Actor,
  left: string | undefined,
  operator: string,
  right: string | undefined,
): boolean | undefined => {
  const [lhs, rhs] = [left ?? UNDEFINED, right ?? UNDEFINED]
  if (operator === '~') return matches(actor, rhs, lhs)
  if (operator === '!~') return !matches(actor, rhs, lhs)
  if (operator === '==') return lhs === rhs
  if (operator === '!=') return lhs !== rhs
  if (Object.hasOwn(INTEGERS, operator)) return INTEGERS[operator]!(unsigned(lhs), unsigned(rhs))
  if (!Object.hasOwn(NUMBERS, operator)) return undefined
  // what is missing compares with nothing
  return left !== undefined && right !== undefined && NUMBERS[operator]!(decimal(lhs), decimal(rhs))
}

/** Fails unless `left operator right` holds. Both sides come with the words they were given as. */
export const expectThat = (
  actor: Actor,
  [leftWord, left]: readonly [string, string | undefined],
  operator: string,
  [rightWord, right]: readonly [string, string | undefined],
): void => {
  const result = compare(actor, left, operator, right)
  const [lhs, rhs] = [left ?? UNDEFINED, right ?? UNDEFINED]
  if (result === undefined)
    throw new Failure(`EXPECT ${leftWord} (${lhs}) ${operator} ${rightWord} (${rhs}) test not implemented`)
  if (!result) throw new Failure(`EXPECT ${leftWord} (${lhs}) ${operator} "${rhs}" failed`)
  actor.log(4, `EXPECT ${leftWord} (${lhs}) ${operator} "${rhs}" match`)
}

export const EXPECT_COMMANDS: Commands<HttpSession> = {
  expect(words, session, actor) {
    const left = words.text('the value to compare')
    const operator = words.text('the operator')
    const right = words.text('the expected value')
    words.end()
    expectThat(actor, [left, valueOf(left, session)], operator, [right, valueOf(right, session)])
  },
  expect_pattern(words, session, actor) {
    words.end()
    const { body = '' } = session
    const at = [...body].findIndex((character, index) => character !== String(index & 7))
    if (at >= 0 && body[at] !== '\0')
      throw new Failure(`EXPECT PATTERN FAIL @${at} should be '${at & 7}' is '${body[at]}'`)
    actor.log(4, 'EXPECT PATTERN SUCCESS')
  },
}
