/** Fetches of the credentials in a request (`get_http_auth`, src/http_fetch.c; `check_user`, src/auth.c). */
import { fromBase64 } from '../../../bytes/base64.js'
import type { Argument } from '../../../config/samples/arguments.js'
import type { UserConfig } from '../../../config/model/userlists.js'
import { equalsIgnoringCase, lowerCase } from '../../../http/characters.js'
import type { RequestHead } from '../../../http/index.js'
import { crypt } from '../../../hash/crypt.js'
import type { SampleContext } from '../context.js'
import { referenceArgument, textArgument, type Fetch, type FetchProgress } from '../keyword.js'
import { bool, optionalStr, str, type Sample } from '../sample.js'
import { fieldValues } from './headers.js'
import { requestHead } from './message.js'

type Credentials =
  | { readonly type: 'Basic'; readonly user: string; readonly password: string }
  | { readonly type: 'Bearer'; readonly token: string }

/** Scheme and value, separated by spaces; undefined without a scheme or a space. */
const splitScheme = (text: string): { readonly scheme: string; readonly value: string } | undefined => {
  const space = text.indexOf(' ')
  return space <= 0 ? undefined : { scheme: text.slice(0, space), value: text.slice(space).replace(/^ +/, '') }
}

/** The field with the credentials: another one for requests to a proxy (`option http-use-proxy-header`). */
const fieldOf = ({ uri }: RequestHead, { session }: SampleContext): string =>
  session?.frontend.config.options.has('http-use-proxy-header') === true && !/^[/*]/.test(uri)
    ? 'proxy-authorization'
    : 'authorization'

const credentialsOf = (context: SampleContext, progress?: FetchProgress): Credentials | undefined => {
  const head = requestHead(context, progress)
  const [field] = head ? fieldValues(head, fieldOf(head, context), 'divided') : []
  const parts = field === undefined ? undefined : splitScheme(field)
  if (!parts) return undefined
  const { scheme, value } = parts
  if (equalsIgnoringCase(scheme, 'bearer')) return { type: 'Bearer', token: value }
  if (!equalsIgnoringCase(scheme, 'basic')) return undefined
  // C strings end at a NUL
  const [text = ''] = (fromBase64(value) ?? '').split('\0')
  const colon = text.indexOf(':')
  if (colon < 0) return undefined
  return { type: 'Basic', user: text.slice(0, colon), password: text.slice(colon + 1) }
}

const ofCredentials = (name: string, value: (credentials: Credentials) => string | undefined): Fetch => ({
  name,
  bind: () => (context, progress) => {
    const credentials = credentialsOf(context, progress)
    return optionalStr(credentials && value(credentials))
  },
})

/** The token in a field that the argument names; undefined if it has none. */
const bearerIn = (head: RequestHead, name: string): Sample | undefined => {
  const [field] = fieldValues(head, lowerCase(name), 'divided')
  const parts = field === undefined ? undefined : splitScheme(field)
  return parts && equalsIgnoringCase(parts.scheme, 'bearer') && parts.value !== '' ? str(parts.value) : undefined
}

/** Whether a password is that of a user. A password that is not plain text is a hash of crypt(3). */
const isPassword = ({ password, insecure }: UserConfig, given: string): boolean =>
  password !== undefined && (insecure ? given === password : crypt(given, password) === password)

/** The user with a name in the list that the argument of a fetch names. */
export const userOf = (
  { configuration }: SampleContext['process'],
  args: readonly Argument[],
  name: string,
): UserConfig | undefined => {
  const listName = referenceArgument(args)
  return configuration.userlists.find((list) => list.name === listName)?.users.find((user) => user.name === name)
}

/** A fetch of the user of the list that the argument names whose credentials the request has. */
const ofUser = (name: string, value: (user: UserConfig | undefined) => Sample | undefined): Fetch => ({
  name,
  bind: (args) => (context, progress) => {
    const credentials = credentialsOf(context, progress)
    if (credentials?.type !== 'Basic') return undefined
    const user = userOf(context.process, args, credentials.user)
    return value(user && isPassword(user, credentials.password) ? user : undefined)
  },
})

export const AUTHORIZATION_FETCHES: readonly Fetch[] = [
  ofCredentials('http_auth_type', ({ type }) => type),
  ofCredentials('http_auth_user', (credentials) => (credentials.type === 'Basic' ? credentials.user : undefined)),
  ofCredentials('http_auth_pass', (credentials) => (credentials.type === 'Basic' ? credentials.password : undefined)),
  {
    name: 'http_auth_bearer',
    bind: (args) => (context, progress) => {
      if (args.length > 0) {
        const head = requestHead(context, progress)
        return head && bearerIn(head, textArgument(args, 0))
      }
      const credentials = credentialsOf(context, progress)
      return credentials?.type === 'Bearer' ? str(credentials.token) : undefined
    },
  },
  ofUser('http_auth', (user) => bool(user !== undefined)),
  // the patterns of ACLs are names of groups
  ofUser('http_auth_group', (user) => user && str(user.name)),
]
