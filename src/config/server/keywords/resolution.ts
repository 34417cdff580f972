/** Server keywords for name resolution (src/server.c). */
import ipaddr from 'ipaddr.js'
import { parseHost } from '../../../net/address.js'
import { parseIp } from '../../../net/ip.js'
import type { InitAddress, ServerResolution } from '../../model/server.js'
import type { KeywordParser, ServerKeyword } from '../keyword.js'
import type { ServerSettings } from '../draft.js'

/** `SRV_MAX_PREF_NET`, and the number of methods of three bits each that fit into an int. */
const MAX_NETWORKS = 5
const MAX_METHODS = 10

const withResolution = (settings: ServerSettings, part: Partial<ServerResolution>): ServerSettings => ({
  ...settings,
  resolution: { ...settings.resolution, ...part },
})

const resolvers: KeywordParser = (settings, { value }) => withResolution(settings, { resolvers: value })

const prefer: KeywordParser = (settings, { name, value }) =>
  value === 'ipv4' || value === 'ipv6'
    ? withResolution(settings, { prefer: value })
    : `'${name}' expects either ipv4 or ipv6 as argument.`

const options: KeywordParser = (settings, { name, value }) => {
  let changed = settings
  for (const option of splitList(value)) {
    if (option === 'allow-dup-ip') changed = withResolution(changed, { allowDuplicates: true })
    else if (option === 'prevent-dup-ip') changed = withResolution(changed, { allowDuplicates: false })
    else if (option === 'ignore-weight') changed = withResolution(changed, { ignoreWeight: true })
    else
      return (
        `'${name}' : unknown resolve-opts option '${option}', supported methods are 'allow-dup-ip', ` +
        "'ignore-weight', and 'prevent-dup-ip'."
      )
  }
  return changed
}

const networks: KeywordParser = (settings, { name, value }) => {
  if (value === '') return `'${name}' expects a list of networks.`
  const found = [...settings.resolution.networks]
  for (const text of splitList(value)) {
    if (found.length >= MAX_NETWORKS) return `'${name}' exceed ${MAX_NETWORKS} networks.`
    if (!isNetwork(text)) return `'${name}' invalid network '${text}'.`
    found.push(text)
  }
  return withResolution(settings, { networks: found })
}

/** Whether `text` is an address with an optional prefix length or netmask. */
const isNetwork = (text: string): boolean => {
  const slash = text.indexOf('/')
  const ip = parseIp(slash < 0 ? text : text.slice(0, slash))
  if (ip === undefined || slash < 0) return ip !== undefined
  const mask = text.slice(slash + 1)
  if (/^\d+$/.test(mask)) return Number(mask) <= (ip.family === 'ipv4' ? 32 : 128)
  return (
    ip.family === 'ipv4' &&
    parseIp(mask, 'ipv4') !== undefined &&
    ipaddr.IPv4.parse(mask).prefixLengthFromSubnetMask() !== null
  )
}

const initAddresses: KeywordParser = (settings, { name, value }) => {
  const methods: InitAddress[] = []
  for (const method of splitList(value)) {
    const ip = parseHost(method)
    if (method === 'libc' || method === 'last' || method === 'none') methods.push(method)
    else if (ip === undefined)
      return `'${name}' : unknown init-addr method '${method}', supported methods are 'libc', 'last', 'none'.`
    else if (methods.some((each) => typeof each !== 'string'))
      return `'${name}' : initial address already specified, cannot add '${method}'.`
    else methods.push(ip)
    if (methods.length > MAX_METHODS) return `'${name}' : too many init-addr methods when trying to add '${method}'`
  }
  return withResolution(settings, { initAddresses: methods })
}

/** Splits at commas; like HAProxy, ignores an empty last item. */
const splitList = (text: string): string[] => {
  const parts = text.split(',')
  if (parts.at(-1) === '') parts.pop()
  return parts
}

/** Keywords for name resolution. */
export const RESOLUTION_KEYWORDS: readonly ServerKeyword[] = [
  { name: 'init-addr', arguments: 1, parse: initAddresses },
  { name: 'resolve-net', arguments: 1, parse: networks },
  { name: 'resolve-opts', arguments: 1, parse: options },
  { name: 'resolve-prefer', arguments: 1, parse: prefer },
  { name: 'resolvers', arguments: 1, parse: resolvers },
]
