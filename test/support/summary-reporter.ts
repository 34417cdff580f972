/**
 * Ends a run with a plain line that scripts can read: `N passed, N failed, N skipped`. Before it, tests that passed after a retry and
 * tests that were skipped are listed by name. With HAPSIM_REQUIRE_UPSTREAM=1 a skipped test fails the run.
 */
import type { Reporter, TestCase, TestModule } from 'vitest/node'

const LISTED = 20

const list = (title: string, tests: readonly TestCase[]): void => {
  if (tests.length === 0) return
  const names = tests
    .slice(0, LISTED)
    .map((test) => `  ${test.project.name} ${test.module.relativeModuleId} > ${test.fullName}`)
  if (tests.length > LISTED) names.push(`  and ${tests.length - LISTED} more`)
  process.stdout.write(`${title}: ${tests.length}\n${names.join('\n')}\n`)
}

export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const inState = (state: 'passed' | 'failed' | 'skipped'): TestCase[] =>
      tests.filter((test) => test.result().state === state)
    const skipped = inState('skipped')
    const retried = inState('passed').filter((test) => (test.diagnostic()?.retryCount ?? 0) > 0)
    const broken = modules.filter((module) => module.errors().length > 0).length
    const requiresAll = process.env.HAPSIM_REQUIRE_UPSTREAM === '1' && skipped.length > 0
    process.on('exit', () => {
      list('passed after a retry', retried)
      list('skipped', skipped)
      if (requiresAll) {
        process.stdout.write('HAPSIM_REQUIRE_UPSTREAM=1: no test may be skipped\n')
        process.exitCode = 1
      }
      const passed = inState('passed').length
      const failed = inState('failed').length + broken
      process.stdout.write(`${passed} passed, ${failed} failed, ${skipped.length} skipped\n`)
    })
  }
}
