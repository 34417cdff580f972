/** Fetches of cookies: those of `Cookie` in requests, of `Set-Cookie` in responses (`smp_fetch_cookie` and others, src/http_fetch.c). */
import { strl2ic } from '../../../bytes/integers.js'
import type { Argument } from '../../../config/samples/arguments.js'
import { cookieNamesOf, cookiesOf, nextCookie, type RequestHead, type ResponseHead } from '../../../http/index.js'
import type { SampleContext, SampleDirection } from '../context.js'
import { textArgument, type Fetch, type FetchProgress } from '../keyword.js'
import { optionalStr, sint, str } from '../sample.js'
import { fieldValues, nextValue } from './headers.js'
import { headOf } from './message.js'

type Head = RequestHead | ResponseHead
type Side = SampleDirection | 'current'

const FIELDS = { request: 'cookie', response: 'set-cookie' } as const
const KINDS = { request: 'Cookie', response: 'Set-Cookie' } as const

/** The values of the cookies of a name; an empty name: of all cookies. In responses, attributes that follow a cookie count as cookies, too. */
const cookieValues = (head: Head, side: SampleDirection, name: string): readonly string[] => {
  const values: string[] = []
  for (const field of fieldValues(head, FIELDS[side], 'divided')) {
    let cookie = nextCookie(field, 0, KINDS[side], name)
    for (; cookie; cookie = nextCookie(field, cookie.next, KINDS[side], name)) values.push(cookie.value)
  }
  return values
}

/** The number of cookies with a name, without attributes. */
const countCookies = (head: Head, side: SampleDirection, name: string): number =>
  fieldValues(head, FIELDS[side], 'divided').reduce(
    (sum, field) => sum + [...cookiesOf(field, KINDS[side], name)].length,
    0,
  )

const withHead = <T>(
  side: Side,
  context: SampleContext,
  progress: FetchProgress | undefined,
  use: (head: Head, side: SampleDirection) => T | undefined,
): T | undefined => {
  const actual = side === 'current' ? context.direction : side
  const head = headOf(context, actual, progress)
  return head && use(head, actual)
}

/** ACLs get all values in turn; other callers the last one with a name, or without a name the first of all. */
const bindValue = (
  side: Side,
  args: readonly Argument[],
): ((context: SampleContext, progress?: FetchProgress) => string | undefined) => {
  const name = textArgument(args, 0)
  return (context, progress) =>
    withHead(side, context, progress, (head, actual) => {
      if (progress) return nextValue(progress, () => cookieValues(head, actual, name))
      return cookieValues(head, actual, name).at(name === '' ? 0 : -1)
    })
}

const value = (name: string, side: Side): Fetch => ({
  name,
  bind: (args) => {
    const find = bindValue(side, args)
    return (context, progress) => optionalStr(find(context, progress))
  },
})

const integer = (name: string, side: Side): Fetch => ({
  name,
  bind: (args) => {
    const find = bindValue(side, args)
    return (context, progress) => {
      const text = find(context, progress)
      return text === undefined ? undefined : sint(strl2ic(text))
    }
  },
})

const count = (name: string, side: Side): Fetch => ({
  name,
  bind: (args) => {
    const cookie = textArgument(args, 0)
    return (context, progress) =>
      withHead(side, context, progress, (head, actual) => sint(countCookies(head, actual, cookie)))
  },
})

/** The names of all cookies, joined by a separator. */
const names = (name: string, side: SampleDirection): Fetch => ({
  name,
  bind: (args) => {
    const delimiter = args.length === 0 ? ',' : (textArgument(args, 0)[0] ?? '\0')
    const division = side === 'request' ? 'divided' : 'whole'
    return (context, progress) =>
      withHead(side, context, progress, (head) => {
        const fields = fieldValues(head, FIELDS[side], division)
        return str(fields.flatMap((field) => [...cookieNamesOf(field, KINDS[side])]).join(delimiter))
      })
  },
})

export const COOKIE_FETCHES: readonly Fetch[] = [
  value('req.cook', 'request'),
  value('cook', 'request'),
  value('cookie', 'current'),
  value('res.cook', 'response'),
  value('scook', 'response'),
  integer('req.cook_val', 'request'),
  integer('cook_val', 'request'),
  integer('res.cook_val', 'response'),
  integer('scook_val', 'response'),
  count('req.cook_cnt', 'request'),
  count('cook_cnt', 'request'),
  count('res.cook_cnt', 'response'),
  count('scook_cnt', 'response'),
  names('req.cook_names', 'request'),
  names('res.cook_names', 'response'),
]
