/** `source <addr> [usesrc <addr>] [interface <name>]` (srv_parse_source in src/server.c, cfg_parse_listen). */
import { readAddress } from '../syntax/address-text.js'
import type { Line } from '../syntax/line.js'
import type { Reading } from '../reading.js'

/** What is wrong with it; a setting after the address is told by its name, as HAProxy tells of it once more. */
export interface SourceProblem {
  readonly text: string
  readonly setting?: 'usesrc' | 'interface'
}

/** Reads the words from `from` on, those after `source`. `owner` is the first word of the line, or that of the setting. */
export const sourceProblem = (
  reading: Reading,
  line: Line,
  from: number,
  usesHeader: boolean,
): SourceProblem | undefined => {
  const address = line.at(from)
  const found = readAddress(reading, address, 'source')
  if ('error' in found) return { text: `'source ${address}' : ${found.error}` }
  for (let at = from + 1; ; at += 2) {
    const [name, value] = [line.at(at), line.at(at + 1)]
    if (name === 'interface') {
      if (value === '') return { text: `'${line.at(0)}' : missing interface name`, setting: name }
    } else if (name === 'usesrc') {
      const problem = clientProblem(reading, value, usesHeader)
      if (problem !== undefined) return { text: problem, setting: name }
    } else return undefined
  }
}

const clientProblem = (reading: Reading, value: string, usesHeader: boolean): string | undefined => {
  if (value === '')
    return usesHeader
      ? "'usesrc' expects <addr>[:<port>], 'client', 'clientip', or 'hdr_ip(name,#)' as argument"
      : "'usesrc' expects <addr>[:<port>], 'client', or 'clientip' as argument"
  if (value === 'client' || value === 'clientip' || value.startsWith('hdr_ip(')) return undefined
  const found = readAddress(reading, value, 'source')
  return 'error' in found ? `'usesrc ${value}' : ${found.error}` : undefined
}

/** `source <addr> [usesrc <addr> | interface <name>]…`: how many words it takes. */
export const sourceWordCount = (line: Line, from: number): number => {
  let at = from + 1
  while (line.at(at) === 'usesrc' || line.at(at) === 'interface') at += 2
  return at - from
}
