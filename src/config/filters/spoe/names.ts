/** Names of sections of SPOE and references to them (src/flt_spoe.c). */
import type { LineResult, ParseContext } from '../../parse-context.js'
import type { Line } from '../../syntax/line.js'
import { invalidCharacter } from '../../syntax/names.js'

/** The name of the section that the line begins; undefined if it is invalid, which has been reported. */
export const readSectionName = (context: ParseContext, line: Line): string | undefined => {
  const [keyword, name] = [line.at(0), line.at(1)]
  const fail = (problem: string): undefined => void context.alert(line, problem)
  if (name === '') return fail(`missing name for ${keyword} section.`)
  if (context.tooManyWords(line, 1)) return undefined
  const bad = invalidCharacter(name)
  return bad === undefined ? name : fail(`character '${bad}' is not permitted in '${keyword}' name '${name}'.`)
}

/** Adds the names of `messages` or `groups` to those that are used already. */
export const readUsedNames = (context: ParseContext, line: Line, used: string[], section: string): LineResult => {
  for (const name of line.from(1)) {
    if (used.includes(name)) return context.alertWithoutSpace(line, `${section} '${name}' already used.`)
    used.push(name)
  }
  return 'ok'
}
