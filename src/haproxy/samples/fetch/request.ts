/** Fetches of the request line, also combined with `Host` (src/http_fetch.c). */
import { avalanche, sdbm } from '../../../hash/checksums.js'
import { KNOWN_METHODS, listValues, parseUri, splitQuery, type RequestHead } from '../../../http/index.js'
import { trimWhiteSpace } from '../../../http/characters.js'
import { isIp, type Address } from '../../../net/address.js'
import { ipBytes, leadingIpv4 } from '../../../net/ip.js'
import type { SampleContext } from '../context.js'
import { bigEndian } from '../casts.js'
import { textArgument, type Fetch, type FetchProgress } from '../keyword.js'
import { address, bin, bool, optionalStr, sint, str, type Sample } from '../sample.js'
import { messageOf, requestHead } from './message.js'

/** A fetch that needs the head of the request. */
const ofRequest = (name: string, value: (head: RequestHead, context: SampleContext) => Sample | undefined): Fetch => ({
  name,
  bind: () => (context, progress) => {
    const head = requestHead(context, progress)
    return head && value(head, context)
  },
})

/** Known methods are available for the whole life of the stream, others only with the head. */
const method = (context: SampleContext, progress?: FetchProgress): Sample | undefined => {
  const known = context.stream?.method
  if (known !== undefined && KNOWN_METHODS.includes(known)) return { type: 'meth', bytes: known }
  const head = requestHead(context, progress)
  return head && { type: 'meth', bytes: head.method }
}

const pathAndQuery = ({ uri }: RequestHead): string | undefined => parseUri(uri).path

const pathOf = (head: RequestHead): string | undefined => {
  const path = pathAndQuery(head)
  return path === undefined ? undefined : splitQuery(path).path
}

/** The part of a path that is appended to a host: nothing unless it begins with a slash. */
const appended = (path: string | undefined): string => (path?.startsWith('/') === true ? path : '')

/** The first value of the first `Host`. @param isWhole it is not split at commas */
const hostOf = ({ fields }: RequestHead, isWhole = false): string => {
  const field = fields.get('host') ?? ''
  return isWhole ? trimWhiteSpace(field) : listValues(field).next().value!
}

const base = (head: RequestHead, path: (head: RequestHead) => string | undefined): Sample | undefined => {
  const host = hostOf(head)
  return host === '' ? optionalStr(path(head)) : str(host + appended(path(head)))
}

const base32 = (head: RequestHead): number => avalanche(sdbm(hostOf(head) + appended(pathOf(head))))
const url32 = (head: RequestHead): number => avalanche(sdbm(hostOf(head, true) + appended(pathAndQuery(head))))

/** A hash followed by the client's address. */
const withSource = (hash: number, { stream }: SampleContext): Sample | undefined => {
  const source: Address | undefined = stream?.source
  if (!source || !isIp(source)) return undefined
  return bin(bigEndian(BigInt(hash), 4) + String.fromCharCode(...ipBytes(source.ip)))
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 }

/** The IPv4 address and the port of an absolute URI, if it has no name (`url2sa`, src/tools.c). */
const ipv4OfUri = (uri: string): { readonly bytes: string; readonly port: number } | undefined => {
  const at = uri.indexOf('://')
  const defaultPort = DEFAULT_PORTS[uri.slice(0, Math.max(at, 0)).toLowerCase()]
  const rest = uri.slice(at + 3)
  const found = defaultPort === undefined ? undefined : leadingIpv4(rest)
  if (!found) return undefined
  const port = /^:(\d*)/.exec(rest.slice(found.length))?.[1]
  return { bytes: found.bytes, port: (port === undefined ? defaultPort! : Number(port)) & 0xffff }
}

/** The text after the slash of a version; undefined without a version. */
export const versionNumber = (version: string): string | undefined => {
  const slash = version.indexOf('/')
  return slash < 0 || slash === version.length - 1 ? undefined : version.slice(slash + 1)
}

const requestVersion = ({ version }: RequestHead): Sample | undefined => optionalStr(versionNumber(version))

const isHttp: Fetch['bind'] = () => (context, progress) => {
  const request = messageOf(context, 'request')
  // the head may have been sent already
  const isKnown = request?.isHttp === true && !request.isInvalid && context.stream?.method !== undefined
  return isKnown || requestHead(context, progress) ? bool(true) : undefined
}

export const REQUEST_FETCHES: readonly Fetch[] = [
  { name: 'method', bind: () => method },
  ofRequest('url', ({ uri }) => str(uri)),
  ofRequest('path', (head) => optionalStr(pathOf(head))),
  ofRequest('pathq', (head) => optionalStr(pathAndQuery(head))),
  {
    name: 'query',
    check: (args) => (['', 'with_qm'].includes(textArgument(args, 0)) ? undefined : "supported options are: 'with_qm'"),
    bind: (args) => {
      const isMarked = textArgument(args, 0) === 'with_qm'
      return (context, progress) => {
        const query = splitQuery(requestHead(context, progress)?.uri ?? '').query
        return query === undefined ? undefined : str(isMarked && query !== '' ? `?${query}` : query)
      }
    },
  },
  ofRequest('base', (head) => base(head, pathOf)),
  ofRequest('baseq', (head) => base(head, pathAndQuery)),
  ofRequest('base32', (head) => sint(base32(head))),
  ofRequest('base32+src', (head, context) => withSource(base32(head), context)),
  ofRequest('url32', (head) => sint(url32(head))),
  ofRequest('url32+src', (head, context) => withSource(url32(head), context)),
  ofRequest('url_ip', ({ uri }) => {
    const found = ipv4OfUri(uri)
    return found && address(found.bytes)
  }),
  ofRequest('url_port', ({ uri }) => {
    const found = ipv4OfUri(uri)
    return found && sint(found.port)
  }),
  ofRequest('req.ver', requestVersion),
  ofRequest('req_ver', requestVersion),
  { name: 'req.proto_http', bind: isHttp },
  { name: 'req_proto_http', bind: isHttp },
  {
    name: 'http_first_req',
    bind:
      () =>
      ({ stream }) =>
        stream?.isFirstRequest === undefined ? undefined : bool(stream.isFirstRequest),
  },
  {
    name: 'unique-id',
    bind:
      () =>
      ({ stream }) =>
        optionalStr(stream?.takeUniqueId()),
  },
]
