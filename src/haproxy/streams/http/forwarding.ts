/**
 * Header fields about the client that servers get: `option forwarded`, `option forwardfor`, `option originalto`, in this order
 * (src/http_ext.c). Each function returns false if there is no room for a field.
 */
import type { ForwardedConfig, ForwardedNode, ForwardedValue } from '../../../config/model/forwarding.js'
import { isInNetwork, type Subnet } from '../../../config/patterns/network.js'
import { lowerCase } from '../../../http/characters.js'
import { listValues } from '../../../http/index.js'
import type { RequestHead } from '../../../http/message.js'
import { isIp, type Address } from '../../../net/address.js'
import { formatIp } from '../../../net/ip.js'
import { textOf } from '../../samples/casts.js'
import type { SampleContext } from '../../samples/context.js'
import { evaluate, evaluateAs } from '../../samples/expression.js'
import {
  isForwardedHost,
  isNodePort,
  isObfuscated,
  parseForwarded,
  parseNodeName,
} from '../../samples/formats/forwarded.js'
import { bytesOf } from '../../samples/sample.js'
import { samplesOf } from '../samples.js'
import type { Stream } from '../stream.js'
import { addField, replaceFieldValue, type Rewritable } from './rewriting.js'

export const addForwardingFields = (stream: Stream): boolean => {
  const target = { message: stream.transaction!.request, buffer: stream.request.buffer }
  return addForwarded(stream, target) && addForwardedFor(stream, target) && addOriginalTo(stream, target)
}

const sourceOf = ({ sourceOverride, session }: Stream): Address | undefined => sourceOverride ?? session.source
const destinationOf = ({ destinationOverride, session }: Stream): Address | undefined =>
  destinationOverride ?? session.destination

/** Whether an address is in one of the networks that an option excepts. */
const isExcepted = (ip: string, networks: readonly (Subnet | undefined)[]): boolean =>
  networks.some((network) => network !== undefined && isInNetwork(ip, network))

const addForwardedFor = (stream: Stream, target: Rewritable<RequestHead>): boolean => {
  const front = stream.session.frontend.config.forwardFor
  const back = stream.backend.config.forwardFor
  const header = (back ?? front)?.header
  if (header === undefined) return true
  const isOnlyIfNone = front?.ifNone !== false && back?.ifNone !== false
  if (isOnlyIfNone && target.message.head!.fields.has(lowerCase(header))) return true
  const source = sourceOf(stream)
  if (!source || !isIp(source) || isExcepted(source.ip, [front?.except, back?.except])) return true
  return addField(target, header, source.ip)
}

const addOriginalTo = (stream: Stream, target: Rewritable<RequestHead>): boolean => {
  const front = stream.session.frontend.config.originalTo
  const back = stream.backend.config.originalTo
  const header = (back ?? front)?.header
  const destination = destinationOf(stream)
  if (header === undefined || !destination || !isIp(destination)) return true
  if (isExcepted(destination.ip, [front?.except, back?.except])) return true
  return addField(target, header, destination.ip)
}

/** Adds an element to `Forwarded`, or a field of that name if there is none, or one that is not valid. */
const addForwarded = (stream: Stream, target: Rewritable<RequestHead>): boolean => {
  const { forwarded } = stream.backend.config
  if (!forwarded) return true
  const { fields } = target.message.head!
  const text = forwardedOf(stream, forwarded)
  const values = fields.all('forwarded').flatMap((value) => [...listValues(value)])
  const last = [...fields].findLast(({ name }) => name === 'forwarded')
  if (!last || values.some((value) => parseForwarded(value) === undefined)) return addField(target, 'forwarded', text)
  return replaceFieldValue(target, last, last.value === '' ? text : `${last.value},${text}`)
}

const forwardedOf = (stream: Stream, { proto, host, by, for: client }: ForwardedConfig): string => {
  const samples = samplesOf(stream, stream.backend)
  const parts: string[] = []
  if (proto) parts.push(`proto=${stream.session.tls ? 'https' : 'http'}`)
  if (host) parts.push(`host="${hostOf(stream, host, samples)}"`)
  if (by) parts.push(`by=${nodeOf(by, destinationOf(stream), samples)}`)
  if (client) parts.push(`for=${nodeOf(client, sourceOf(stream), samples)}`)
  return parts.join(';')
}

/** The value of an expression as text; undefined if it has none. */
const textOfExpression = (value: Exclude<ForwardedValue, 'original'>, samples: SampleContext): string | undefined => {
  const sample = value.expression && evaluateAs(value.expression, 'str', samples)
  return sample && bytesOf(sample)
}

const hostOf = ({ transaction }: Stream, value: ForwardedValue, samples: SampleContext): string => {
  const [first] = listValues(transaction!.request.head!.fields.get('host') ?? '')
  const host = value === 'original' ? first : textOfExpression(value, samples)
  return host !== undefined && isForwardedHost(host) ? host : ''
}

/** A node with its port in quotes, or without. */
const nodeOf = ({ name, port }: ForwardedNode, address: Address | undefined, samples: SampleContext): string => {
  const text = nameOf(name, address, samples) ?? 'unknown'
  const number = port && portOf(port, address, samples)
  const node = number === undefined ? text : `${text}:${number}`
  return port !== undefined || text.startsWith('[') ? `"${node}"` : node
}

const bracketed = (bytes: string): string => `[${formatIp(Array.from(bytes, (char) => char.charCodeAt(0)))}]`

const nameOf = (value: ForwardedValue, address: Address | undefined, samples: SampleContext): string | undefined => {
  if (value === 'original') {
    if (!address || !isIp(address)) return undefined
    return address.family === 'ipv6' ? `[${address.ip}]` : address.ip
  }
  const sample = value.expression && evaluate(value.expression, samples)
  if (!sample) return undefined
  if (sample.type === 'ipv6') return bracketed(sample.bytes)
  const text = textOf(sample)
  const name = parseNodeName(text)
  if (name?.kind === 'address' && name.bytes.length > 4) return bracketed(name.bytes)
  if (name) return text
  return isObfuscated(text) ? `_${text}` : undefined
}

const portOf = (value: ForwardedValue, address: Address | undefined, samples: SampleContext): string | undefined => {
  if (value === 'original') return address && isIp(address) ? String(address.port) : undefined
  const text = textOfExpression(value, samples) ?? ''
  if (isNodePort(text)) return text
  return isObfuscated(text) ? `_${text}` : undefined
}
