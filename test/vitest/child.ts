/** Runs a suite in a separate vitest and parses its report. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../support/build.js'
import { temporaryFolder } from '../support/temporary-folder.js'

export interface ChildTest {
  readonly status: string
  /** the failure as vitest tells it, without colours; empty for a test that passed */
  readonly failure: string
}

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { title: string; status: string; failureMessages: readonly string[] }[]
  }[]
}

/**
 * @param fixture the name of a file in fixtures/
 * @returns its tests by their name, and what vitest's default reporter printed
 */
export const runSuite = (
  fixture: string,
  environment: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): { readonly tests: Readonly<Record<string, ChildTest>>; readonly output: string } => {
  const file = join(temporaryFolder('vitest'), 'report.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const config = ['--config', 'test/vitest/fixtures/vitest.config.ts']
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...config, ...reporters, fixture, ...args],
    { cwd: root, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...environment } },
  )
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report
  const tests = report.testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ title, status, failureMessages }) => [
      title,
      { status, failure: failureMessages.join('\n') },
    ]),
  )
  return { tests: Object.fromEntries(tests) as Record<string, ChildTest>, output: stdout + stderr }
}
