/** Converters of the Forwarded header and its nodes (`rfc7239_*`, src/http_ext.c). */
import { textOf } from '../casts.js'
import { isObfuscated, parseForwarded, parseForwardedNode } from '../formats/forwarded.js'
import { textArgument, type Converter } from '../keyword.js'
import { address, bool, bytesOf, sint, str, type Sample } from '../sample.js'

/** An identifier of a node or a port for a text; undefined if it has other characters. */
const obfuscated = (text: string): Sample | undefined => (isObfuscated(text) ? str(`_${text}`) : undefined)

export const FORWARDED_CONVERTERS: readonly Converter[] = [
  { name: 'rfc7239_is_valid', bind: () => (sample) => bool(parseForwarded(bytesOf(sample)) !== undefined) },
  {
    name: 'rfc7239_field',
    bind: (args) => {
      const name = textArgument(args, 0)
      return (sample) => {
        const values: Readonly<Record<string, string>> = parseForwarded(bytesOf(sample)) ?? {}
        return Object.hasOwn(values, name) ? str(values[name]!) : undefined
      }
    },
  },
  {
    name: 'rfc7239_n2nn',
    bind: () => (sample) => {
      const name = parseForwardedNode(bytesOf(sample))?.name
      if (name?.kind === 'address') return address(name.bytes)
      return name && str(name.kind === 'unknown' ? name.kind : `_${name.text}`)
    },
  },
  {
    name: 'rfc7239_n2np',
    bind: () => (sample) => {
      const port = parseForwardedNode(bytesOf(sample))?.port
      return port && (port.kind === 'port' ? sint(port.port) : str(`_${port.text}`))
    },
  },
  {
    name: 'rfc7239_nn',
    bind: () => (sample) => {
      const text = textOf(sample)
      if (sample.type === 'ipv4') return str(text)
      if (sample.type === 'ipv6') return str(`[${text}]`)
      return text === '' ? str('unknown') : obfuscated(text)
    },
  },
  {
    name: 'rfc7239_np',
    bind: () => (sample) =>
      sample.type === 'sint' ? str(String(BigInt.asUintN(32, sample.value))) : obfuscated(textOf(sample)),
  },
]
