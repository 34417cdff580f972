/** The environment of this process, which a live one inherits. */
import { readFileSync } from 'node:fs'
import { fromByteString } from '../../bytes/text.js'

/** Its variables, less TZ where another time zone is given. */
export const inheritedVariables = (timezone?: string): Record<string, string> => {
  const variables = ownVariables()
  if (timezone !== undefined) delete variables.TZ
  return variables
}

/** Node decodes them as UTF-8 and loses other bytes; where it did, Linux still has them. */
const ownVariables = (): Record<string, string> => {
  const environment = process.env as Record<string, string>
  const damaged = new Set(Object.keys(environment).filter((name) => environment[name]!.includes('\ufffd')))
  if (damaged.size === 0) return { ...environment }
  return { ...environment, ...Object.fromEntries(asGiven().filter(([name]) => damaged.has(name))) }
}

/** The environment with which the process was started. */
const asGiven = (): (readonly [name: string, value: string])[] => {
  try {
    return fromByteString(readFileSync('/proc/self/environ', 'latin1')).split('\0').map(split)
  } catch {
    return []
  }
}

const split = (entry: string): readonly [string, string] => {
  const at = entry.indexOf('=')
  return [entry.slice(0, at), entry.slice(at + 1)]
}
