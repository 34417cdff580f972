/** The long form of a stream in `show sess` (`__strm_dump_to_buffer`, src/stream.c). Addresses in memory are those of its number. */
import { SECOND, type Micros } from '../../engine/clock.js'
import { KNOWN_METHODS } from '../../http/index.js'
import { formatAddress, isIp, type Address } from '../../net/address.js'
import { protocolOf } from '../listeners/protocol.js'
import { dateText } from '../logs/aliases/dates.js'
import { NEVER, type Channel } from '../streams/channel.js'
import { SideState, type Connector } from '../streams/connector.js'
import { MessageState } from '../streams/http/transaction.js'
import type { Stream } from '../streams/stream.js'
import { readExpires, writeExpires } from '../streams/timeouts.js'
import {
  ageText,
  channelFlags,
  hex,
  humanTime,
  inputLengthOf,
  sideFlags,
  streamId,
  untilText,
} from './stream-values.js'

const NEVER_TEXT = '<NEVER>'

const until = (at: Micros | undefined, now: Micros): string =>
  at !== undefined && at <= now ? '<PAST>' : untilText(at, now, NEVER_TEXT)

const addressText = (address: Address | undefined, unix: string): string => {
  if (!address) return ''
  return ` addr=${isIp(address) ? formatAddress(address) : unix}`
}

const acceptDate = (stream: Stream): string => {
  const { localTime } = stream.context.process
  const micros = String(stream.acceptedWall % SECOND).padStart(6, '0')
  return `${dateText(localTime.date(Math.floor(stream.acceptedWall / SECOND)))}.${micros}`
}

/** Names of the states of messages (`h1_msg_state_str`). */
const STATES: Readonly<Record<MessageState, string>> = {
  [MessageState.WAITING]: 'MSG_RQBEFORE',
  [MessageState.BODY]: 'MSG_BODY',
  [MessageState.DATA]: 'MSG_DATA',
  [MessageState.ENDING]: 'MSG_ENDING',
  [MessageState.DONE]: 'MSG_DONE',
  [MessageState.CLOSING]: 'MSG_CLOSING',
  [MessageState.CLOSED]: 'MSG_CLOSED',
  [MessageState.TUNNEL]: 'MSG_TUNNEL',
}

const transactionLine = ({ transaction }: Stream, withUri: boolean): string => {
  if (!transaction) return ''
  const { request, response, status, method, requestLine } = transaction
  const number = KNOWN_METHODS.indexOf(method)
  const responseState = response.state === MessageState.WAITING ? 'MSG_RPBEFORE' : STATES[response.state]
  const uri = withUri && requestLine !== undefined ? ` uri="${requestLine}"` : ''
  return (
    `  txn=0x1 flags=0x0 meth=${number < 0 ? KNOWN_METHODS.length : number} status=${status} ` +
    `req.st=${STATES[request.state]} rsp.st=${responseState} req.f=0x00 rsp.f=0x00${uri}\n`
  )
}

const sideLines = (stream: Stream, name: 'scf' | 'scb', side: Connector): string => {
  const { now } = stream
  const { endpoint } = side
  const kind = endpoint === undefined ? 'NONE' : endpoint.kind === 'connection' ? 'CONN' : 'APPCTX'
  const never = (at: Micros | undefined): string => untilText(at, now, NEVER_TEXT)
  const after = (at: Micros | undefined): string => (at === undefined ? NEVER_TEXT : never(at + side.timeout))
  const first =
    `  ${name}=0x1 flags=0x${hex(sideFlags(side), 8)} ioto=${side.timeout === NEVER ? '0s' : humanTime(side.timeout)} ` +
    `state=${SideState[side.state]} endp=${kind},0x1,0x00000000 sub=0 rex=${never(readExpires(side))} ` +
    `wex=${never(writeExpires(side))} rto=${after(endpoint?.lastRead)} wto=${after(endpoint?.blockedSince)}\n` +
    '    iobuf.flags=0x00000000 .pipe=0 .buf=0@(nil)+0/0\n'
  if (endpoint?.kind === 'connection') {
    const [number, target] = side.isBack ? [1, 'SERVER'] : [0, 'LISTENER']
    return (
      `${first}      co${number}=0x1 ctrl=${protocolOf(endpoint.remote ?? stream.session.listener!.config.address)} xprt=RAW ` +
      `mux=${stream.isHttp ? 'H1' : 'PASS'} data=STRM target=${target}:0x1\n` +
      `      flags=0x00000000 fd=${endpoint.descriptor} fd.state=00 updt=0 fd.tmask=0x0\n`
    )
  }
  return endpoint === undefined
    ? first
    : `${first}      app1=0x1 st0=0 st1=0 applet=${stream.applet?.name ?? ''} tid=0 nice=0 calls=1 rate=0\n`
}

const channelLines = (stream: Stream, name: 'req' | 'res', channel: Channel): string => {
  const { buffer, analysers, forwardsAll, total, analyseExpires } = channel
  const expires = untilText(analyseExpires, stream.now, NEVER_TEXT)
  const lines =
    `  ${name}=0x1 (f=0x${hex(channelFlags(channel), 6)} an=0x${hex(analysers)} tofwd=${forwardsAll ? -1 : 0} total=${total})\n` +
    `      an_exp=${expires} buf=0x1 data=0x1 o=${buffer.outputData} p=0 i=${inputLengthOf(channel)} size=${buffer.isEmpty ? 0 : buffer.size}\n`
  return stream.isHttp
    ? `${lines}      htx=0x1 flags=0x${buffer.isComplete ? 4 : 0} size=${buffer.isEmpty ? 0 : buffer.size - 48} data=${buffer.data} used=0 wrap=NO extra=0\n`
    : lines
}

export const describeStream = (stream: Stream, withUri: boolean): string => {
  const { session, backend, server, task, now, front, back, request, response } = stream
  const { frontend, listener, source, destination } = session
  const listenerId = listener?.id ?? 0
  const from = source ? ` source=${isIp(source) ? formatAddress(source) : `unix:${listenerId}`}` : ''
  return (
    `${streamId(stream)}: [${acceptDate(stream)}] id=${stream.number} proto=${listener ? protocolOf(listener.config.address) : '?'}${from}\n` +
    `  flags=0x0, conn_retries=${stream.retries}, conn_exp=${until(stream.connectExpires, now)} ` +
    `conn_et=0x${hex(stream.connectError, 3)} srv_conn=${stream.reserved ? '0x1' : '(nil)'}, pend_pos=(nil) waiting=0 epoch=0\n` +
    '  p_stc=0 p_req=0 p_res=0 p_prp=0\n' +
    `  frontend=${frontend.name} (id=${frontend.uuid >>> 0} mode=${frontend.mode}), ` +
    `listener=${listener?.config.name ?? '?'} (id=${listenerId})${addressText(destination, `unix:${listenerId}`)}\n` +
    (backend.backend
      ? `  backend=${backend.name} (id=${backend.uuid >>> 0} mode=${backend.mode})${addressText(back.endpoint?.local, 'unix')}\n` +
        `  server=${server?.name ?? '<none>'} (id=${server?.puid ?? 0})${addressText(back.endpoint?.remote, 'unix')}\n`
      : '  backend=<NONE> (id=-1 mode=-)\n  server=<NONE> (id=-1)\n') +
    `  task=0x1 (state=0x00 nice=${task.nice} calls=1 rate=0 exp=${until(task.expires, now)} tid=0(1/0)${task.runnable ? ', running' : ''}` +
    ` age=${ageText(stream)})\n` +
    transactionLine(stream, withUri) +
    sideLines(stream, 'scf', front) +
    sideLines(stream, 'scb', back) +
    channelLines(stream, 'req', request) +
    channelLines(stream, 'res', response)
  )
}
