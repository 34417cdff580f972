/** Names of clients, servers … whose first letter says what they are (`VTC_CHECK_NAME` in VTest's src/vtc.h). */
import type { Arguments } from '../arguments.js'
import { Failure } from '../failure.js'

/** Reads a name that must begin with a letter. @param kind for messages: `Client` */
export const checkName = (words: Arguments, kind: string, letter: string): string => {
  const name = words.text(`the name of the ${kind.toLowerCase()}`)
  if (!name.startsWith(letter)) throw new Failure(`${kind} name must start with '${letter}' (got ${name})`)
  return name
}
