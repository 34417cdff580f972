/**
 * Exploring the startup race: schedules per second on one core, memory over many schedules, and, if varnishtest and the real HAProxy are
 * installed, a comparison with HAProxy's own regression test.
 *
 * node --expose-gc --max-semi-space-size=128 bench/explore.mjs [--json] [--long]
 *
 * The flags configure the heap as for jobs of `hapsim explore`.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseConfig } from '../dist/config/index.js'
import { Search } from '../dist/explore/index.js'
import { report } from './support.mjs'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

const config = parseConfig([{ name: 'fixed.cfg', text: readFileSync('fixtures/startup-race/fixed.cfg', 'utf8') }], {})
const scenario = {
  name: 'startup-race',
  play(sim) {
    const smtp = sim.smtp('127.0.0.1:25')
    sim.http('127.0.0.1:8080').refuse()
    sim.haproxy({ config }).start()
    sim.advance('300ms')
    sim.settle()
    if (smtp.mails.length !== 1) throw new Error(`${smtp.mails.length} mails`)
  },
}

const secondsSince = (start) => Number(process.hrtime.bigint() - start) / 1e9

/** Schedules per second. */
const explore = (strategy, schedules, depth) => {
  const start = process.hrtime.bigint()
  const report = new Search(scenario, { strategy, schedules, ...(depth && { depth }) }).explore()
  return report.schedules / secondsSince(start)
}

/**
 * Seconds that the command takes with so many jobs, its start included: the best of a few. One job uses more than a processor, as V8
 * compiles and clears up beside it: `pinned`, it has one only, as each of two jobs on two processors has.
 */
const command = (schedules, jobs, pinned = false) => {
  const args = ['explore', 'fixtures/startup-race/fixed.cfg', '--at', '0=down be1/srv1', '--for', '300ms']
  const search = ['--strategy', 'random', '--schedules', String(schedules), '--jobs', String(jobs)]
  const runs = Array.from({ length: ROUNDS }, () => {
    const start = process.hrtime.bigint()
    const [name, ...before] = pinned ? ['taskset', '-c', '0', process.execPath] : [process.execPath]
    const { stdout } = spawnSync(name, [...before, 'dist/cli/main.js', ...args, ...search, '--json'])
    const seconds = secondsSince(start)
    const { schedules: run } = JSON.parse(stdout)
    if (run !== schedules) throw new Error(`hapsim explore ran ${run} of ${schedules} schedules`)
    return seconds
  })
  return Math.min(...runs)
}

const ROUNDS = 3

const megabytes = () => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 2 ** 20
}

/** The duration of HAProxy's regression test with varnishtest in seconds; undefined if it is not installed. */
const regressionTest = () => {
  const upstream = process.env.HAPSIM_UPSTREAM ?? join(homedir(), '.cache', 'hapsim-upstream')
  const test = join(upstream, 'source/reg-tests/mailers/healthcheckmail.vtc')
  if (!existsSync(test)) return undefined
  const start = process.hrtime.bigint()
  const { status } = spawnSync('varnishtest', ['-q', test], {
    env: { ...process.env, HAPROXY_PROGRAM: join(upstream, 'haproxy') },
    stdio: 'ignore',
  })
  return status === 0 ? Number(process.hrtime.bigint() - start) / 1e9 : undefined
}

explore('random', 500)
const figures = {}
for (const strategy of ['random', 'pct', 'delay']) {
  const perSecond = explore(strategy, 2000, strategy === 'delay' ? 4 : undefined)
  figures[strategy] = { 'schedules/s': perSecond }
}
const before = megabytes()
explore('random', process.argv.includes('--long') ? 100_000 : 10_000)
figures['memory, MB before and after'] = { before, after: megabytes() }
for (const schedules of [6000, 30_000]) {
  const [onOne, one, two] = [command(schedules, 1, true), command(schedules, 1), command(schedules, 2)]
  figures[`hapsim explore, ${schedules} schedules`] = {
    'one job on one processor, s': onOne,
    'one job, s': one,
    'two jobs, s': two,
    'ratio to one processor': onOne / two,
    'ratio to one job': one / two,
  }
}
const seconds = regressionTest()
if (seconds === undefined) console.error('varnishtest or the real HAProxy is not here: no comparison')
else
  figures["HAProxy's regression test"] = {
    'schedules/s': 1 / seconds,
    'times slower than random': figures.random['schedules/s'] * seconds,
  }
report('exploring the startup race', figures)
