/** `feature …`: skips a test where something is missing (`cmd_feature` in VTest's src/vtc_misc.c). */
import type { Arguments } from '../arguments.js'
import { Failure, Skip } from '../failure.js'
import type { Script } from '../script.js'
import type { Command, Test } from '../test.js'

/** A command that only evaluates a condition of HAProxy. */
const CONDITION = /^\s*(?:"?\$\{?HAPROXY_PROGRAM\}?"?)(?:\s+\$\{?HAPROXY_ARGS\}?)?\s+-cc\s+(?:'([^']*)'|"([^"]*)")\s*$/

/** What commands of the vocabulary `feature vtest_cmd` may name. */
const KNOWN_COMMANDS = new Set(
  'barrier delay shell include client feature filewrite haproxy process server setenv syslog tunnel varnishtest vtest'.split(
    ' ',
  ),
)

function* hasFeature(name: string, words: Arguments, test: Test): Script<boolean> {
  if (name === 'cmd') return yield* succeeds(words.text('the command'), test)
  if (name === 'vtest_cmd') return KNOWN_COMMANDS.has(words.text('the command'))
  const known = test.world.feature(name)
  if (known === undefined) throw new Failure(`FAIL test, unknown feature: ${name}`)
  return known
}

function* succeeds(command: string, test: Test): Script<boolean> {
  const { condition, shell } = test.world
  const [, single, double] = CONDITION.exec(command) ?? []
  const text = single ?? double
  if (condition && text !== undefined) return condition(text, test.environment)
  if (shell) return (yield* shell(command, test.environment)).code === 0
  throw new Skip(`feature cmd "${command}" runs a program of the system`, 'programs of the system')
}

export const feature: Command<Test> = function* (words, test) {
  for (let word = words.next(); word !== undefined; word = words.next()) {
    if (word === 'ignore_unknown_macro') {
      test.macros.ignoresUnknown = true
      continue
    }
    const isNegated = word.startsWith('!')
    const has = yield* hasFeature(isNegated ? word.slice(1) : word, words, test)
    if (has === isNegated)
      throw new Skip(`${isNegated ? 'conflicting' : 'lacking'} feature: ${word}`, `feature ${word}`)
  }
}
