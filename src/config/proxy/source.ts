/** `source <addr> [usesrc <addr>] [interface <name>]` (srv_parse_source in src/server.c, cfg_parse_listen). */
import { toByteString } from '../../bytes/text.js'
import { strl2ic } from '../../bytes/integers.js'
import { areaOfProxy } from '../known/areas.js'
import type { ForeignSource, SourceConfig } from '../model/source.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import { readAddress } from '../syntax/address-text.js'
import type { Line } from '../syntax/line.js'
import { warnWithout } from './capability.js'
import type { ProxyDraft } from './draft.js'

/** An error message; errors of settings after the address also name the setting, for HAProxy's second message. */
export interface SourceProblem {
  readonly problem: string
  readonly setting?: 'usesrc' | 'interface'
  /** the setting has no argument */
  readonly isMissing?: boolean
}

/** Parses the arguments of `source`, which start at word `from`. @param ofServer whether it is the `source` of a server, which can have a range of ports */
export const parseSource = (
  context: ParseContext,
  line: Line,
  from: number,
  ofServer: boolean,
): SourceConfig | SourceProblem => {
  const text = line.at(from)
  const found = readAddress(context, text, ofServer ? 'server source' : 'source')
  if ('error' in found) return { problem: `'source ${text}' : ${found.error}` }
  let networkInterface: string | undefined
  let client: ForeignSource | undefined
  for (let at = from + 1; ; at += 2) {
    const [name, value] = [line.at(at), line.at(at + 1)]
    if (name === 'interface') {
      if (value === '') return { problem: `'${line.at(0)}' : missing interface name`, setting: name, isMissing: true }
      networkInterface = value
    } else if (name === 'usesrc') {
      const parsed = parseClient(context, value, ofServer)
      if (typeof parsed === 'object' && 'problem' in parsed)
        return { ...parsed, setting: name, isMissing: value === '' }
      client = parsed
    } else break
  }
  const { address, port, portHigh } = found
  return { address, lastPort: portHigh === port ? undefined : portHigh, interface: networkInterface, client }
}

/** As many values of a header field are looked at from the last one (`MAX_HDR_HISTORY`). */
const MAX_OCCURRENCES = 10

const parseClient = (
  context: ParseContext,
  value: string,
  ofServer: boolean,
): ForeignSource | { readonly problem: string } => {
  if (value === '')
    return {
      problem: ofServer
        ? "'usesrc' expects <addr>[:<port>], 'client', 'clientip', or 'hdr_ip(name,#)' as argument"
        : "'usesrc' expects <addr>[:<port>], 'client', or 'clientip' as argument",
    }
  if (value === 'client' || value === 'clientip') return value
  const field = /^hdr_ip\([ \t\n\v\f\r]*([^ \t\n\v\f\r,)]*)[ \t\n\v\f\r]*(?:,(-?\d*))?/.exec(value)
  if (field) {
    const occurrence = field[2] === undefined ? -1 : strl2ic(field[2])
    if (occurrence < -MAX_OCCURRENCES)
      return {
        problem: `usesrc hdr_ip(name,num) does not support negative occurrences values smaller than ${MAX_OCCURRENCES}.`,
      }
    return { header: toByteString(field[1]!), occurrence }
  }
  const found = readAddress(context, value, 'source')
  return 'error' in found ? { problem: `'usesrc ${value}' : ${found.error}` } : { address: found.address }
}

/** The number of arguments of `source`. */
export const sourceWordCount = (line: Line, from: number): number => {
  let at = from + 1
  while (line.at(at) === 'usesrc' || line.at(at) === 'interface') at += 2
  return at - from
}

/** Reads `source` in a proxy. */
export const readSource = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  const name = line.at(0)
  warnWithout(context, line, proxy, 'backend')
  if (line.at(1) === '')
    return context.alert(
      line,
      `'${name}' expects <addr>[:<port>], and optionally 'usesrc' <addr>, and 'interface' <name>.`,
    )
  const source = parseSource(context, line, 1, false)
  if ('problem' in source) return context.alert(line, source.problem + (source.isMissing ? '.' : ''))
  if (line.at(1 + sourceWordCount(line, 1)) !== '')
    return context.alert(line, `'${name}' only supports optional keywords 'interface' and 'usesrc'.`)
  proxy.change({ source })
  return context.notEmulated(line, `'${name}'`, areaOfProxy(name))
}

/** Reads `usesrc` at the beginning of a line. */
export const refuseSourceOption = (context: ParseContext, line: Line): LineResult =>
  context.alert(line, `'${line.at(0)}' only allowed after a 'source' statement.`)
