/**
 * Actions on the client's connection: `set-src`, `set-dst` and their ports, marks of packets, `silent-drop` (src/tcp_act.c), `expect-proxy`,
 * `expect-netscaler-cip`, and `tcp-response close`.
 */
import type { MarkAction, SetAddressAction, SilentDropAction } from '../../../config/rules/actions/connection.js'
import { isIp, type Address, type IpAddress } from '../../../net/address.js'
import { formatIp } from '../../../net/ip.js'
import { evaluateAs, evaluateInteger } from '../../samples/expression.js'
import { bytesOf } from '../../samples/sample.js'
import { RequestAnalyser, ResponseAnalyser } from '../../streams/analysers.js'
import { SideFlag } from '../../streams/connector.js'
import { countBackend, countFrontend, countSession } from '../../streams/counting.js'
import type { ActionScope, RunAction } from '../action.js'
import type { ActionGroup } from './group.js'

const ANY: IpAddress = { family: 'ipv4', ip: '0.0.0.0', port: 0 }

/** The address with what the action changes of it. */
const changed = ({ kind, value }: SetAddressAction, address: Address, { samples }: ActionScope): Address => {
  const ip = isIp(address) ? address : ANY
  if (kind === 'set-src-port' || kind === 'set-dst-port') {
    const port = evaluateInteger(value, samples)
    return port === undefined ? address : { ...ip, port: Number(BigInt.asUintN(16, port)) }
  }
  const sample = evaluateAs(value, 'addr', samples)
  if (!sample) return address
  const bytes = bytesOf(sample)
  const text = formatIp(Array.from(bytes, (char) => char.charCodeAt(0)))
  return { family: bytes.length === 4 ? 'ipv4' : 'ipv6', ip: text, port: ip.port }
}

/**
 * Changes an address of the stream, of the session, or of the connection, depending on where the rule is evaluated. The addresses of the
 * others remain (`tcp_action_req_set_src`, `tcp_action_req_set_dst`).
 */
const setAddress: RunAction = (action, scope) => {
  const set = action as SetAddressAction
  const { session, stream, isConnectionRule } = scope
  const isSource = set.kind.startsWith('set-src')
  const address = isSource
    ? (stream?.sourceOverride ?? session.source)
    : (stream?.destinationOverride ?? session.destination)
  if (!address) return 'continue'
  const next = changed(set, address, scope)
  if (isConnectionRule) {
    if (isSource) session.connectionSource = next
    else session.connectionDestination = next
  } else {
    const owner = stream ?? session
    if (isSource) owner.sourceOverride = next
    else owner.destinationOverride = next
  }
  return 'continue'
}

/** Marks packets to the client, or those of the connection to the server that is opened later. */
const mark: RunAction = (action, { stream, session, samples }) => {
  const { kind, side, value } = action as MarkAction
  const number = typeof value === 'number' ? value : evaluateInteger(value, samples)
  if (number === undefined) return 'continue'
  // an int in C
  const int = Number(BigInt.asIntN(32, BigInt(number)))
  const marks = kind === 'set-mark' ? { mark: int } : { tos: int }
  if (side === 'client') session.mark(marks)
  else stream!.serverMarks = { ...stream!.serverMarks, ...marks }
  return 'continue'
}

/** Ends the connection without the client noticing. */
const silentDrop: RunAction = (action, { stream, session }) => {
  session.drop((action as SilentDropAction).resetTtl)
  if (!stream) {
    countSession(session, 'deniedRequests')
    return 'abort'
  }
  stream.front.flags |= SideFlag.NOLINGER
  stream.abort()
  stream.request.analysers &= RequestAnalyser.END
  stream.response.analysers &= ResponseAnalyser.END
  if (stream.hasBackend) countBackend(stream, 'deniedRequests')
  countFrontend(stream, 'deniedRequests')
  stream.endBy('P')
  stream.endIn('R')
  return 'abort'
}

export const CONNECTION_ACTIONS: ActionGroup = {
  'set-src': setAddress,
  'set-src-port': setAddress,
  'set-dst': setAddress,
  'set-dst-port': setAddress,
  'set-mark': mark,
  'set-tos': mark,
  'silent-drop': silentDrop,
  'expect-netscaler-cip': (_action, { session }) => {
    session.expectsNetscalerHeader = true
    return 'continue'
  },
  'expect-proxy': (_action, { session }) => {
    session.expectsProxyHeader = true
    return 'continue'
  },
  close: (_action, { stream }) => {
    const { back } = stream!
    back.flags |= SideFlag.NOLINGER | SideFlag.NOHALF
    if (back.endpoint) back.endpoint.killsConnection = true
    back.scheduleAbort()
    back.scheduleShutdown()
    return 'stop'
  },
}
