/** The values of options of `hapsim vtc`. */
import { InvalidArgumentError } from 'commander'

/** A macro, `name=value`. */
export const parseDefinition = (text: string): readonly [name: string, value: string] => {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('expected NAME=VALUE')
  return [text.slice(0, at), text.slice(at + 1)]
}

/** A number of seconds, more than 0. */
export const parseSeconds = (text: string): number => {
  const seconds = Number(text)
  if (!/^\d+(?:\.\d+)?$/.test(text) || seconds <= 0) throw new InvalidArgumentError('expected a number of seconds')
  return seconds
}
