import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { Runner, type TestResult } from '../../../src/testkit/index.js'

const directory = fileURLToPath(new URL('../../../fixtures/testkit', import.meta.url))
const SPEC = 'vocabulary_spec.lua'

const hasBusted = spawnSync('busted', ['--version']).status === 0
if (!hasBusted) console.warn('SKIPPED: comparison with busted, which is not installed (Debian: lua-busted)')

/** `not ok equality tells numbers apart`, by TAP's lines without their numbers. */
const verdictsOfBusted = (): string[] =>
  spawnSync('busted', ['-o', 'TAP', SPEC], { cwd: directory, encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => /^(not )?ok /.test(line))
    .map((line) => line.replace(/ok \d+ - /, 'ok '))

/** A test that calls `pending` is known to busted's TAP by its place and its words only. */
const asBusted = ({ status, names, problem }: TestResult): string =>
  status === 'pending'
    ? `ok # SKIP ${problem ? `${problem.where}: ${problem.message}` : names.join(' ')}`
    : `${status === 'passed' ? 'ok' : 'not ok'} ${names.join(' ')}`

describe.skipIf(!hasBusted)('compared with busted', () => {
  test('all tests of the vocabulary have the same results', () => {
    const verdicts: string[] = []
    const reporter = {
      result: (result: TestResult) => void verdicts.push(asBusted(result)),
      printed: () => undefined,
      end: () => undefined,
    }
    new Runner({ reporter, directory, clock: () => performance.now() }).run([SPEC])
    const expected = verdictsOfBusted()
    expect(expected.length).toBeGreaterThan(60)
    expect(verdicts).toEqual(expected)
  })
})
