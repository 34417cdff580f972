/** Jobs as they are shipped: what becomes of their work when processes end, theirs or the one that started them. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ReportData } from '../../src/explore/index.js'
import { build, root } from '../support/build.js'

beforeAll(build, 60_000)

const SEARCH = ['dist/cli/main.js', 'explore', 'fixtures/startup-race/fixed.cfg', '--at', '0=down be1/srv1']

const report = (...args: string[]): ReportData => {
  const { stdout } = spawnSync(process.execPath, [...SEARCH, '--json', ...args], { cwd: root, encoding: 'utf8' })
  return JSON.parse(stdout) as ReportData
}

/** A search that would last for minutes. */
const longSearch = () =>
  spawn(process.execPath, [...SEARCH, '--strategy', 'random', '--schedules', '1000000', '--jobs', '2'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })

/** The processes that a process has started, which Linux tells. */
const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((other) => parentOf(other) === pid)

const parentOf = (pid: number): number | undefined => {
  try {
    const [, parent] = /\) [^Z] (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    return parent === undefined ? undefined : Number(parent)
  } catch {
    return undefined
  }
}

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20))
}

const jobsOf = async ({ pid }: ChildProcess): Promise<number[]> => {
  await until(() => childrenOf(pid!).length === 2)
  return childrenOf(pid!)
}

const isLinux = process.platform === 'linux'

describe('jobs of a search', () => {
  it.each(['random', 'pct'])('run the same schedules under %s as a single job', (strategy) => {
    const search = ['--strategy', strategy, '--schedules', '90', '--depth', '4', '--times']
    const counts = (jobs: string) => {
      const { schedules, outcomes } = report(...search, '--jobs', jobs)
      return { schedules, outcomes: outcomes.map(({ key, count }) => `${key} ${count}`).sort() }
    }
    const one = counts('1')
    expect(one.schedules).toBe(90)
    expect(one.outcomes.length).toBeGreaterThan(2)
    expect(counts('3')).toEqual(one)
  })

  it('cover with delay what one job covers, and report that it is complete', () => {
    const [one, three] = [report(), report('--jobs', '3')]
    expect(one.complete).toBe(true)
    expect({ ...three, outcomes: [] }).toEqual({ ...one, outcomes: [] })
  })

  it.runIf(isLinux)('make the search fail with a message if one of them is killed', async () => {
    const search = longSearch()
    let complaints = ''
    search.stderr.on('data', (data: Buffer) => (complaints += data.toString()))
    const [first, second] = await jobsOf(search)
    process.kill(first!, 'SIGKILL')
    const [code] = (await once(search, 'close')) as [number]
    expect(complaints).toBe(`hapsim: a job (process ${first}) was killed by SIGKILL before its task was done\n`)
    expect(code).toBe(70)
    await until(() => parentOf(second!) === undefined)
  })

  it.runIf(isLinux).each(['SIGINT', 'SIGKILL'] as const)('end when the command receives %s', async (signal) => {
    const search = longSearch()
    const jobs = await jobsOf(search)
    search.kill(signal)
    await once(search, 'close')
    await until(() => jobs.every((job) => parentOf(job) === undefined))
  })
})
