/**
 * Fetches about the connections of the client and to the server (src/tcp_sample.c, src/connection.c). Figures that HAProxy gets from the
 * system's TCP (`TCP_INFO`) are those of a network without losses and delays.
 */
import type { Argument } from '../../../config/samples/arguments.js'
import { isIp, isLoopback, type Address } from '../../../net/address.js'
import { ipBytes } from '../../../net/ip.js'
import { connectionErrorNumber, connectionErrorText, type ConnectionError } from '../../connections/errors.js'
import type { SampleContext } from '../context.js'
import { textArgument, type Evaluation, type Fetch } from '../keyword.js'
import { address, bool, optionalStr, sint, str, type Sample } from '../sample.js'
import { nextValue } from './headers.js'

type FindAddress = (context: SampleContext) => Address | undefined

/** The connection's properties as rules have changed them. */
const source: FindAddress = ({ stream, session }) => (stream ?? session)?.source
const destination: FindAddress = ({ stream, session }) => (stream ?? session)?.destination
/** Of the client's connection. */
const frontSource: FindAddress = ({ session }) => session?.connectionSource
const frontDestination: FindAddress = ({ session }) => session?.connectionDestination
/** Of the connection to the server, or of a check. */
const backSource: FindAddress = ({ log }) => log.serverSource
const backDestination: FindAddress = ({ log }) => log.serverDestination

const ip = (name: string, find: FindAddress): Fetch => ({
  name,
  bind: () => (context) => {
    const found = find(context)
    return found && isIp(found) ? address(String.fromCharCode(...ipBytes(found.ip))) : undefined
  },
})

const port = (name: string, find: FindAddress): Fetch => ({
  name,
  bind: () => (context) => {
    const found = find(context)
    return found && isIp(found) && found.port !== 0 ? sint(found.port) : undefined
  },
})

/** Whether an address is one of this machine: a loopback address, or the one that the client is connected to. */
const local = (name: string, find: FindAddress): Fetch => ({
  name,
  bind: () => (context) => {
    const found = find(context)
    if (!found || !isIp(found)) return undefined
    const own = context.session?.destination
    return bool(isLoopback(found) || (own !== undefined && isIp(own) && own.ip === found.ip))
  },
})

/** The connections of the client and to the server. */
const SIDES = {
  fc: ({ session }: SampleContext): 'http' | 'tcp' | 'unknown' | undefined =>
    session && (session.protocol ?? 'unknown'),
  bc: ({ stream }: SampleContext): 'http' | 'tcp' | 'unknown' | undefined => stream?.serverConnection?.protocol,
} as const
type Side = keyof typeof SIDES

const ERRORS = {
  fc: ({ stream, session }: SampleContext): ConnectionError | undefined =>
    stream?.clientError ?? session?.connectionError,
  bc: ({ stream }: SampleContext): ConnectionError | undefined => stream?.serverConnection?.error,
} as const

/** A fetch of the error of a connection that is established or has failed. */
const ofError = (name: string, side: Side, value: (error: ConnectionError) => Sample): Fetch => ({
  name,
  bind: () => (context, progress) => {
    const error = ERRORS[side](context)
    if (error === undefined && progress && SIDES[side](context) !== undefined) progress.mayChange = true
    return error && value(error)
  },
})

/** A fetch of the multiplexer of a connection, which may not be known yet. */
const ofProtocol = (name: string, side: Side, value: (protocol: 'http' | 'tcp') => Sample | undefined): Fetch => ({
  name,
  bind: () => (context, progress) => {
    const protocol = SIDES[side](context)
    if (protocol === 'unknown' && progress) progress.mayChange = true
    return protocol === undefined || protocol === 'unknown' ? undefined : value(protocol)
  },
})

const UNITS: ReadonlySet<string> = new Set(['us', 'ms'])

const timeProblem = (args: readonly Argument[]): string | undefined => {
  if (args.length === 0) return 'Unexpected arg type'
  return UNITS.has(textArgument(args, 0)) ? undefined : `expects 'us' or 'ms', got '${textArgument(args, 0)}'`
}

/** A figure of the system's TCP, which needs a stream. */
const tcpInfo = (name: string, side: Side, check?: Fetch['check']): Fetch => ({
  name,
  ...(check && { check }),
  bind: () => (context) => (context.stream && SIDES[side](context) !== undefined ? sint(0) : undefined),
})

/** Types of values of the PROXY protocol's header, by their names in arguments. */
const TLV_TYPES: Readonly<Record<string, number>> = {
  ALPN: 0x01,
  AUTHORITY: 0x02,
  CRC32C: 0x03,
  NOOP: 0x04,
  UNIQUE_ID: 0x05,
  SSL: 0x20,
  SSL_VERSION: 0x21,
  SSL_CN: 0x22,
  SSL_CIPHER: 0x23,
  SSL_SIG_ALG: 0x24,
  SSL_KEY_ALG: 0x25,
  NETNS: 0x30,
}

/** `strtoul` with base 0 of a whole text; undefined for anything else. */
const readType = (text: string): number | undefined => {
  const [, sign = '', digits] = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*|)$/.exec(text) ?? []
  if (digits === undefined) return undefined
  const value = /^0[0-7]+$/.test(digits) ? parseInt(digits, 8) : Number(digits || '0')
  return sign === '-' ? -value : value
}

const tlvType = (args: readonly Argument[]): number | undefined => {
  const text = textArgument(args, 0)
  return TLV_TYPES[text.toUpperCase()] ?? readType(text)
}

const tlvProblem = (args: readonly Argument[]): string | undefined => {
  const type = tlvType(args)
  if (type === undefined) return `Could not convert type '${textArgument(args, 0)}'`
  return type < 0 || type > 255 ? `Invalid TLV Type '${textArgument(args, 0)}'` : undefined
}

const valuesOf = ({ session }: SampleContext, type: number): readonly string[] =>
  (session?.proxyHeader ?? []).filter((each) => each.type === type).map(({ value }) => value)

/** The first value of a type in the PROXY protocol's header. */
const headerValue =
  (type: number): Evaluation =>
  (context) =>
    optionalStr(valuesOf(context, type)[0])

const ofSide = (side: Side): readonly Fetch[] => [
  ofError(`${side}_err`, side, (error) => sint(connectionErrorNumber(error))),
  ofError(`${side}_err_str`, side, (error) => str(connectionErrorText(error))),
  ofError(`${side}_err_name`, side, (error) => str(error === 'NONE' ? '' : error)),
  ofProtocol(`${side}_http_major`, side, (protocol) => (protocol === 'http' ? sint(1) : undefined)),
  ofProtocol(`${side}_nb_streams`, side, () => sint(1)),
  ofProtocol(`${side}_settings_streams_limit`, side, () => sint(1)),
  // HTTP/1 and TCP count no glitches
  ofProtocol(`${side}_glitches`, side, () => undefined),
  tcpInfo(`${side}_rtt`, side, timeProblem),
  tcpInfo(`${side}_rttvar`, side, timeProblem),
]

export const CONNECTION_FETCHES: readonly Fetch[] = [
  ip('src', source),
  ip('dst', destination),
  ip('fc_src', frontSource),
  ip('fc_dst', frontDestination),
  ip('bc_src', backSource),
  ip('bc_dst', backDestination),
  port('src_port', source),
  port('dst_port', destination),
  port('fc_src_port', frontSource),
  port('fc_dst_port', frontDestination),
  port('bc_src_port', backSource),
  port('bc_dst_port', backDestination),
  local('src_is_local', source),
  local('dst_is_local', destination),
  local('fc_src_is_local', frontSource),
  local('fc_dst_is_local', frontDestination),
  ...ofSide('fc'),
  ...ofSide('bc'),
  ...['fc_unacked', 'fc_sacked', 'fc_retrans', 'fc_fackets', 'fc_lost', 'fc_reordering'].map((name) =>
    tcpInfo(name, 'fc'),
  ),
  {
    name: 'bc_reused',
    bind:
      () =>
      ({ stream }) =>
        stream && bool(stream.isReused),
  },
  {
    name: 'fc_rcvd_proxy',
    bind:
      () =>
      ({ session }) =>
        session && session.handshakeTime >= 0 ? bool(session.proxyHeader !== undefined) : undefined,
  },
  { name: 'fc_pp_authority', bind: () => headerValue(TLV_TYPES.AUTHORITY!) },
  { name: 'fc_pp_unique_id', bind: () => headerValue(TLV_TYPES.UNIQUE_ID!) },
  {
    name: 'fc_pp_tlv',
    check: tlvProblem,
    bind: (args) => {
      const type = tlvType(args) ?? 0
      return (context, progress) =>
        optionalStr(progress ? nextValue(progress, () => valuesOf(context, type)) : valuesOf(context, type)[0])
    },
  },
]
