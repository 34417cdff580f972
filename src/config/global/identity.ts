/** `user`, `group`, `uid` and `gid` of `global`: the identity the process switches to (src/cfgparse-global.c). */
import { strl2irc } from '../../bytes/integers.js'
import type { Line } from '../syntax/line.js'
import type { LineResult, ParseContext } from '../parse-context.js'

type Keyword = (context: ParseContext, line: Line) => LineResult

const KINDS = {
  user: { duplicate: 'user/uid already specified.', numericDuplicate: 'user/uid already specified.', id: 'uid' },
  group: { duplicate: 'gid/group was already specified.', numericDuplicate: 'group/gid already specified.', id: 'gid' },
} as const

type Kind = keyof typeof KINDS

const alreadySpecified = (context: ParseContext, line: Line, text: string): 'ok' => {
  context.nonFatalAlert(line, `config : parsing [${line.file}:${line.line}] : ${text} Continuing.`)
  return 'ok'
}

const byName =
  (kind: Kind): Keyword =>
  (context, line) => {
    const { duplicate, id } = KINDS[kind]
    if (context.tooManyWords(line, 1)) return 'fatal'
    if ((context.global[id] ?? 0) !== 0) return alreadySpecified(context, line, duplicate)
    const found = context.accounts[kind](line.at(1))
    if (line.at(1) === '' || found === undefined)
      return context.alert(line, `cannot find ${kind} id for '${line.at(1)}' (0:Success)`)
    context.global[id] = found
    return 'ok'
  }

const byNumber =
  (kind: Kind): Keyword =>
  (context, line) => {
    const { numericDuplicate, id } = KINDS[kind]
    if (context.tooManyWords(line, 1)) return 'fatal'
    if ((context.global[id] ?? 0) !== 0) return alreadySpecified(context, line, numericDuplicate)
    if (line.at(1) === '') return context.alert(line, `'${id}' expects an integer argument.`)
    const number = strl2irc(line.at(1))
    if (number !== undefined) context.global[id] = number
    else
      context.warn(
        line,
        ` ${id}: string '${line.at(1)}' is not a number.\n   | You might want to use the '${kind}' parameter to use a system ${kind} name.`,
      )
    return 'ok'
  }

/** Parsers by keyword. */
export const IDENTITY_KEYWORDS: readonly (readonly [string, Keyword])[] = [
  ['user', byName('user')],
  ['group', byName('group')],
  ['uid', byNumber('user')],
  ['gid', byNumber('group')],
]
