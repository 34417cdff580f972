/** What version 2 of the PROXY protocol says besides addresses: `proxy-v2-options` and `set-proxy-v2-tlv-fmt` (src/server.c). */
import { strtolAnyBase } from '../../../bytes/integers.js'
import type { ProxyOption } from '../../model/server.js'
import type { KeywordParser } from '../keyword.js'

/** The options that each value of `proxy-v2-options` sets. */
const PROXY_OPTIONS: ReadonlyMap<string, readonly ProxyOption[]> = new Map([
  ['ssl', ['ssl']],
  ['cert-cn', ['ssl', 'cert-cn']],
  ['cert-key', ['ssl', 'cert-key']],
  ['cert-sig', ['ssl', 'cert-sig']],
  ['ssl-cipher', ['ssl', 'ssl-cipher']],
  ['authority', ['authority']],
  ['crc32c', ['crc32c']],
  ['unique-id', ['unique-id']],
])

export const proxyOptions: KeywordParser = (settings, { value }) => {
  const values = value.split(',')
  const unknown = values.find((each) => !PROXY_OPTIONS.has(each))
  if (unknown !== undefined) return `'${unknown}' : proxy v2 option not implemented`
  const options = values.flatMap((each) => PROXY_OPTIONS.get(each)!)
  return { ...settings, proxyOptions: new Set([...settings.proxyOptions, ...options]) }
}

/** `set-proxy-v2-tlv-fmt(type) format`; the format is parsed with the server that has it. */
export const proxyTlv: KeywordParser = (settings, { name, value }) => {
  const type = typeOf(name)
  if (typeof type === 'string') return `'${name}' : ${type}`
  return { ...settings, proxyTlvs: [...settings.proxyTlvs, { type, text: value }] }
}

const LARGEST_TYPE = 255
const LONG_MAX = 2 ** 63

/** The type in parentheses, 0 without any; or what is wrong with it. */
const typeOf = (keyword: string): number | string => {
  const at = keyword.indexOf('(')
  if (at < 0) return 0
  const text = keyword.slice(at + 1)
  const { value, rest } = strtolAnyBase(text)
  if (rest === text || value >= LONG_MAX) return 'could not convert TLV ID'
  if (!rest.startsWith(')')) return 'expects set-proxy-v2-tlv(<TLV ID>)'
  return value < 0 || value > LARGEST_TYPE ? `the maximum allowed TLV ID is ${LARGEST_TYPE}` : value
}
