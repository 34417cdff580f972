/** `user`, `group`, `uid` and `gid` of `global`: as whom the process goes on once it listens (src/cfgparse-global.c). */
import type { Line } from '../syntax/line.js'
import type { LineResult, Reading } from '../reading.js'
import { parseInteger } from '../syntax/units.js'

type Keyword = (reading: Reading, line: Line) => LineResult

const KINDS = {
  user: { twice: 'user/uid already specified.', numberTwice: 'user/uid already specified.', id: 'uid' },
  group: { twice: 'gid/group was already specified.', numberTwice: 'group/gid already specified.', id: 'gid' },
} as const

type Kind = keyof typeof KINDS

const already = (reading: Reading, line: Line, text: string): 'ok' => {
  reading.nonFatalAlert(line, `config : parsing [${line.file}:${line.line}] : ${text} Continuing.`)
  return 'ok'
}

const byName =
  (kind: Kind): Keyword =>
  (reading, line) => {
    const { twice, id } = KINDS[kind]
    if (reading.tooManyWords(line, 1)) return 'fatal'
    if ((reading.global[id] ?? 0) !== 0) return already(reading, line, twice)
    const found = reading.accounts[kind](line.at(1))
    if (line.at(1) === '' || found === undefined)
      return reading.alert(line, `cannot find ${kind} id for '${line.at(1)}' (0:Success)`)
    reading.global[id] = found
    return 'ok'
  }

const byNumber =
  (kind: Kind): Keyword =>
  (reading, line) => {
    const { numberTwice, id } = KINDS[kind]
    if (reading.tooManyWords(line, 1)) return 'fatal'
    if ((reading.global[id] ?? 0) !== 0) return already(reading, line, numberTwice)
    if (line.at(1) === '') return reading.alert(line, `'${id}' expects an integer argument.`)
    const number = parseInteger(line.at(1))
    if (typeof number === 'number') reading.global[id] = number
    else
      reading.warn(
        line,
        ` ${id}: string '${line.at(1)}' is not a number.\n   | You might want to use the '${kind}' parameter to use a system ${kind} name.`,
      )
    return 'ok'
  }

export const IDENTITY_KEYWORDS: readonly (readonly [string, Keyword])[] = [
  ['user', byName('user')],
  ['group', byName('group')],
  ['uid', byNumber('user')],
  ['gid', byNumber('group')],
]
