/** The environment inherited by a live process. */
import { readFileSync } from 'node:fs'
import { fromByteString } from '../../bytes/text.js'

/** The variables of this process, without TZ if another time zone is given. */
export const inheritedVariables = (timezone?: string): Record<string, string> => {
  const variables = ownVariables()
  if (timezone !== undefined) delete variables.TZ
  return variables
}

/** Node decodes variables as UTF-8 and loses invalid bytes; those are read from Linux. */
const ownVariables = (): Record<string, string> => {
  const environment = process.env as Record<string, string>
  const damaged = new Set(Object.keys(environment).filter((name) => environment[name]!.includes('\ufffd')))
  if (damaged.size === 0) return { ...environment }
  return { ...environment, ...Object.fromEntries(readEnviron().filter(([name]) => damaged.has(name))) }
}

/** The original environment of the process, as byte strings. */
const readEnviron = (): (readonly [name: string, value: string])[] => {
  try {
    return fromByteString(readFileSync('/proc/self/environ', 'latin1')).split('\0').map(splitVariable)
  } catch {
    return []
  }
}

const splitVariable = (entry: string): readonly [string, string] => {
  const at = entry.indexOf('=')
  return [entry.slice(0, at), entry.slice(at + 1)]
}
