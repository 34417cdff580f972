/** `source <addr> [usesrc <addr>] [interface <name>]` (srv_parse_source in src/server.c, cfg_parse_listen). */
import { readAddress } from '../syntax/address-text.js'
import type { Line } from '../syntax/line.js'
import type { ParseContext } from '../parse-context.js'

/** An error message; errors of settings after the address also name the setting, for HAProxy's second message. */
export interface SourceProblem {
  readonly text: string
  readonly setting?: 'usesrc' | 'interface'
  /** the setting has no argument */
  readonly isMissing?: boolean
}

/** Validates the arguments of `source`, which start at word `from`. @param ofServer whether it is the `source` of a server, which can have a range of ports */
export const sourceProblem = (
  context: ParseContext,
  line: Line,
  from: number,
  ofServer: boolean,
): SourceProblem | undefined => {
  const address = line.at(from)
  const found = readAddress(context, address, ofServer ? 'server source' : 'source')
  if ('error' in found) return { text: `'source ${address}' : ${found.error}` }
  for (let at = from + 1; ; at += 2) {
    const [name, value] = [line.at(at), line.at(at + 1)]
    if (name === 'interface') {
      if (value === '') return { text: `'${line.at(0)}' : missing interface name`, setting: name, isMissing: true }
    } else if (name === 'usesrc') {
      const problem = clientProblem(context, value, ofServer)
      if (problem !== undefined) return { text: problem, setting: name, isMissing: value === '' }
    } else return undefined
  }
}

const clientProblem = (context: ParseContext, value: string, ofServer: boolean): string | undefined => {
  if (value === '')
    return ofServer
      ? "'usesrc' expects <addr>[:<port>], 'client', 'clientip', or 'hdr_ip(name,#)' as argument"
      : "'usesrc' expects <addr>[:<port>], 'client', or 'clientip' as argument"
  if (value === 'client' || value === 'clientip' || value.startsWith('hdr_ip(')) return undefined
  const found = readAddress(context, value, 'source')
  return 'error' in found ? `'usesrc ${value}' : ${found.error}` : undefined
}

/** The header of `usesrc hdr_ip(<name>[,<occurrence>])`; undefined if there is none, or the occurrence is 0, which disables it. */
export const sourceHeader = (line: Line, from: number): string | undefined => {
  const [, name, occurrence] =
    /^hdr_ip\(\s*([^\s,)]*)\s*(?:,(-?\d*))?/.exec(
      line.words.slice(from).find((word) => word.startsWith('hdr_ip(')) ?? '',
    ) ?? []
  return occurrence !== undefined && Number(occurrence) === 0 ? undefined : name
}

/** The number of arguments of `source`. */
export const sourceWordCount = (line: Line, from: number): number => {
  let at = from + 1
  while (line.at(at) === 'usesrc' || line.at(at) === 'interface') at += 2
  return at - from
}
