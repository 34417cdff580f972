/** `show sess` and `shutdown session`: the streams of clients and of the runtime API (src/stream.c). */
import { isDurationError, parseDuration } from '../../config/syntax/units.js'
import type { Micros } from '../../engine/clock.js'
import { formatAddress, isIp, type Address } from '../../net/address.js'
import { protocolOf } from '../listeners/protocol.js'
import type { Proxy } from '../proxy/proxy.js'
import type { Server } from '../server/server.js'
import type { Channel } from '../streams/channel.js'
import type { Connector } from '../streams/connector.js'
import type { Stream } from '../streams/stream.js'
import { readExpires, writeExpires } from '../streams/timeouts.js'
import type { ConnectedClient, RuntimeContext } from './context.js'
import type { CommandCall, Family } from './registry.js'
import { describeStream } from './stream-text.js'
import {
  ageText,
  channelFlags,
  hex,
  humanTime,
  inputLengthOf,
  sideFlags,
  streamId,
  untilText,
  wholeSeconds,
} from './stream-values.js'

const USAGE =
  'Usage: show sess [<id> | all | help] [<options>*]\n' +
  "Dumps active streams (formerly called 'sessions'). Available selectors:\n" +
  '   <id>         dump only this stream identifier (0x...)\n' +
  '   all          dump all matching streams in large format\n' +
  '   help         show this message\n' +
  '   susp         report streams considered suspicious\n' +
  'Available options: \n' +
  '   show-uri     also display the transaction URI, if available\n' +
  '   older <age>  only display streams older than <age> seconds\n' +
  '   server <b/s> only show streams attached to this backend+server\n' +
  '   backend <b>  only show streams attached to this backend\n' +
  '   frontend <f> only show streams attached to this frontend\n' +
  'Without any argument, all streams are dumped in a shorter format.\n'

/** What is asked for. */
interface Selection {
  id: number | undefined
  isFull: boolean
  minimumAge: Micros
  withUri: boolean
  onlySuspicious: boolean
  server: Server | undefined
  backend: Proxy | undefined
  frontend: Proxy | undefined
}

const ONLY_ONE = 'Only one of backend, frontend or server may be set.\n'

/** The number that a text begins with, as `strtoul` reads it; 0: none. */
const readId = (text: string): number => Number(/^\s*[+-]?(0x[\da-f]+|\d+)/i.exec(text)?.[1] ?? 0)

/** Reads the arguments; returns HAProxy's error if they are wrong. */
const readSelection = (process: RuntimeContext, args: readonly string[]): Selection | string => {
  const selection: Selection = {
    id: undefined,
    isFull: false,
    minimumAge: 0,
    withUri: false,
    onlySuspicious: false,
    server: undefined,
    backend: undefined,
    frontend: undefined,
  }
  const rest = [...args]
  const [selector] = rest
  if (selector === 'older') {
    if (rest[1] === undefined) return 'Expects a minimum age (in seconds by default).\n'
    const age = parseDuration(rest[1], 's')
    if (isDurationError(age)) return 'Invalid age.\n'
    selection.minimumAge = age.value
    selection.isFull = true
    rest.splice(0, 2)
  } else if (selector === 'all') {
    selection.isFull = true
    rest.shift()
  } else if (selector !== undefined) {
    const id = readId(selector)
    if (id > 0) {
      selection.id = id
      rest.shift()
    }
  }
  while (rest.length > 0) {
    const problem = readOption(process, selection, rest)
    if (problem !== undefined) return problem
  }
  return selection
}

const readOption = (process: RuntimeContext, selection: Selection, rest: string[]): string | undefined => {
  const option = rest.shift()!
  const isFiltered = Boolean(selection.server ?? selection.backend ?? selection.frontend)
  switch (option) {
    case 'show-uri':
      selection.withUri = true
      return undefined
    case 'susp':
      selection.onlySuspicious = true
      return undefined
    case 'server': {
      if (isFiltered) return ONLY_ONE
      const path = rest.shift()
      if (path === undefined) return 'Missing server name (<backend>/<server>).\n'
      const [backend = '', server = ''] = path.split('/')
      if (server === '') return "Require 'backend/server'.\n"
      const proxy = process.backendNamed(backend)
      if (!proxy) return 'No such backend.\n'
      selection.server = proxy.server(server)
      return selection.server ? undefined : 'No such server.\n'
    }
    case 'backend': {
      if (isFiltered) return ONLY_ONE
      const name = rest.shift()
      if (name === undefined) return 'Missing backend name.\n'
      selection.backend = process.backendNamed(name)
      return selection.backend ? undefined : 'No such backend.\n'
    }
    case 'frontend': {
      if (isFiltered) return ONLY_ONE
      const name = rest.shift()
      if (name === undefined) return 'Missing frontend name.\n'
      selection.frontend = process.frontendNamed(name)
      return selection.frontend ? undefined : 'No such frontend.\n'
    }
    default:
      return `Unsupported option '${option}', try 'help' for more info.\n`
  }
}

const showSessions = ({ process, args }: CommandCall): string => {
  if (args[0] === 'help') return USAGE
  const selection = readSelection(process, args)
  if (typeof selection === 'string') return selection
  const streams = [...process.traffic.streams].filter((stream) => isSelected(stream, selection, process.clock.now))
  const show = (stream: Stream): string =>
    selection.isFull || selection.id !== undefined
      ? describeStream(stream, selection.withUri)
      : line(stream, selection.withUri)
  const text = streams.map(show).join('')
  if (selection.id !== undefined) return text === '' ? 'Session not found.\n' : text
  const { frontend, backend, server, isFull } = selection
  if (isFull || frontend || backend || server) return text
  return text + [...process.runtime.clients].map((client, at) => clientLine(process, client, at)).join('')
}

const isSelected = (stream: Stream, selection: Selection, now: Micros): boolean => {
  const { id, minimumAge, server, backend, frontend, onlySuspicious } = selection
  if (id !== undefined) return Number(streamId(stream)) === id
  if (minimumAge > 0 && wholeSeconds(Math.max(0, stream.times.requestAt), now) < minimumAge) return false
  if (server && stream.server !== server) return false
  if (backend && stream.backend !== backend) return false
  if (frontend && stream.session.frontend !== frontend) return false
  return !onlySuspicious || stream.task.expires === undefined || stream.task.expires <= now
}

/** `rq[f=848000h,i=0,an=00h,ax=]` */
const channelText = (name: string, channel: Channel, now: Micros): string => {
  const expires = untilText(channel.analyseExpires, now, '')
  return `${name}[f=${hex(channelFlags(channel), 6)}h,i=${inputLengthOf(channel)},an=${hex(channel.analysers, 2)}h,ax=${expires}]`
}

const sideText = (name: string, side: Connector, now: Micros): string => {
  const until = (at: Micros): string => untilText(at, now, '')
  const descriptor = side.endpoint?.descriptor ?? -1
  return `${name}=[${side.state},${hex(sideFlags(side))}h,fd=${descriptor},rex=${until(readExpires(side))},wex=${until(writeExpires(side))}]`
}

const sourceText = (address: Address | undefined, listener: number): string => {
  if (!address) return ''
  return isIp(address) ? ` src=${formatAddress(address)}` : ` src=unix:${listener}`
}

/** The client, and what it is connected to; neither is shown of the HTTP client's requests, which have no listener. */
const partiesOf = ({ session, backend, server }: Stream): string => {
  const { listener, source, frontend } = session
  if (!listener) return 'proto=?'
  return (
    `proto=${protocolOf(listener.config.address)}${sourceText(source, listener.id)} fe=${frontend.name} ` +
    `be=${backend.backend ? backend.name : '<NONE>'} srv=${server?.name ?? '<none>'}`
  )
}

/** The short form of a stream. */
const line = (stream: Stream, withUri: boolean): string => {
  const { task, request, response, front, back, now, transaction } = stream
  const until = (at: Micros | undefined): string => untilText(at, now, '')
  return (
    `${streamId(stream)}: ${partiesOf(stream)}` +
    ` ts=00 epoch=0 age=${ageText(stream)} calls=1 rate=0 cpu=0 lat=0` +
    ` ${channelText('rq', request, now)} ${channelText('rp', response, now)}` +
    ` ${sideText('scf', front, now)} ${sideText('scb', back, now)}` +
    ` exp=${until(task.expires)} rc=${stream.retries} c_exp=${until(stream.connectExpires)}` +
    `${task.runnable ? ` run(nice=${task.nice})` : ''}` +
    `${withUri && transaction?.requestLine !== undefined ? ` uri="${transaction.requestLine}"` : ''}\n`
  )
}

/** A client of the runtime API. */
const clientLine = ({ clock }: RuntimeContext, { connection, since }: ConnectedClient, position: number): string => {
  const { remote, local } = connection
  return (
    `0x${(0x7f_0000_0000 + position * 0x400).toString(16)}: proto=${protocolOf(local)}${sourceText(remote, 1)} ` +
    `fe=GLOBAL be=<NONE> srv=<none> ts=00 epoch=0 age=${humanTime(clock.now - since)} calls=1 rate=0 ` +
    'cpu=0 lat=0 rq[f=10848100h,i=0,an=00h,ax=] rp[f=80008000h,i=0,an=00h,ax=] scf=[8,0h,fd=-1,rex=,wex=] ' +
    'scb=[8,1h,fd=-1,rex=,wex=] exp= rc=0 c_exp=\n'
  )
}

const shutdownSession = ({ process, args }: CommandCall): string => {
  const id = readId(args[0] ?? '')
  if (id === 0) return "Session pointer expected (use 'show sess').\n"
  const found = [...process.traffic.streams].find((stream) => Number(streamId(stream)) === id)
  if (!found) return "No such session (use 'show sess').\n"
  found.endForServer('killed')
  return ''
}

export const sessionFamily: Family = [
  { words: ['show', 'sess'], run: showSessions },
  { words: ['shutdown', 'session'], run: shutdownSession },
]
