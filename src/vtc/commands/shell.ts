/** `shell`: a command of the system's shell. */
import { Failure, Skip } from '../failure.js'
import { matches } from '../http/index.js'
import type { Command, Nested } from '../test.js'

export const shell: Command<Nested> = function* (words, _, actor) {
  const { test } = actor
  let expectedCode: number | 'failure' = 0
  let expected: string | undefined
  let pattern: string | undefined
  let command = words.text('the command')
  for (; command.startsWith('-'); command = words.text('the command'))
    if (command === '-err') expectedCode = 'failure'
    else if (command === '-exit') expectedCode = words.count('the exit code')
    else if (command === '-expect') expected = words.text('the expected text')
    else if (command === '-match') pattern = words.text('the regular expression')
    else break
  if (expected !== undefined && pattern !== undefined) throw new Failure('Cannot use -expect with -match')
  const { shell: run } = test.world
  if (!run || !test.options.runsPrograms)
    throw new Skip(`line ${words.line}: shell runs a program of the system`, 'programs of the system')
  const whole = `set -e ;exec 2>&1 ; ${command}`
  actor.dump(4, 'shell_cmd', whole)
  const { code, output } = yield* run(whole, test.environment)
  actor.dump(4, 'shell_out', output)
  actor.log(4, `shell_status = 0x${code.toString(16).padStart(4, '0')}`)
  if (expectedCode === 'failure' && code === 0) throw new Failure('shell did not fail as expected')
  if (typeof expectedCode === 'number' && code !== expectedCode)
    throw new Failure(`shell_exit not as expected: got ${code} wanted ${expectedCode}`)
  if (expected !== undefined && !output.includes(expected)) throw new Failure(`shell_expect not found: ("${expected}")`)
  if (pattern !== undefined && !matches(actor, pattern, output)) throw new Failure(`shell_match failed: ("${pattern}")`)
}
