/** `hapsim explore` and `hapsim replay`, as they are shipped. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ReportData } from '../../src/explore/index.js'
import { build, root } from '../support/build.js'
import { temporaryFolder } from '../support/temporary-folder.js'

beforeAll(build, 60_000)

const hapsim = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli/main.js', ...args], {
    cwd: root,
    encoding: 'utf8',
  })
  return { code: status, out: stdout, complaints: stderr }
}

const RACE = 'fixtures/startup-race/haproxy.cfg'
const FIXED = 'fixtures/startup-race/fixed.cfg'
const DOWN = ['--at', '0=down be1/srv1']

const data = (out: string): ReportData => JSON.parse(out.trimEnd().split('\n').at(-1)!) as ReportData

describe('hapsim explore', () => {
  it('reports that the outcome depends on the schedule, why, and how to reproduce it', () => {
    const { code, out } = hapsim('explore', RACE, ...DOWN)
    expect(code).toBe(1)
    expect(out).toContain('every schedule with up to 2 deviations')
    expect(out).toMatch(/Lua task task\.lua:24 was delayed by 0\.\d+ ms, past .*check be1\/srv1/)
    expect(out).toContain('missing: mail to to@domain.tld at smtp1: SERVER_DOWN be1/srv1')
    expect(out).toContain('Schedule-dependent: 2 outcomes.')
    const command = /hapsim (replay .*)$/m.exec(out)![1]!
    const [, token = ''] = command.split(' ')
    const again = hapsim('replay', token, RACE, ...DOWN)
    expect(again.out).not.toContain('mail    ')
    expect(again.out).toMatch(/Deviations from the default order:\n +at 0\.000 ms, Lua task task\.lua:24 was delayed/)
    const baseline = hapsim('run', RACE, ...DOWN, '--for', '1s')
    expect(baseline.out).toContain('mail    ')
  })

  it('writes a page and a trace of the default order beside the other outcome', () => {
    const folder = temporaryFolder('report')
    const [page, trace] = [join(folder, 'race.html'), join(folder, 'race.json')]
    hapsim('explore', RACE, ...DOWN, '--report', page, '--trace', trace)
    const html = readFileSync(page, 'utf8')
    for (const text of ['default order', 'this schedule', 'was delayed by', 'hapsim replay hs1-'])
      expect(html).toContain(text)
    const { traceEvents } = JSON.parse(readFileSync(trace, 'utf8')) as { traceEvents: unknown[] }
    expect(traceEvents.length).toBeGreaterThan(5)
    const { code, complaints } = hapsim('explore', RACE, ...DOWN, '--report', join(folder, 'no/such/folder.html'))
    expect(code).toBe(2)
    expect(complaints).toContain('cannot write')
  })

  it('reports no failure of the fixed script, and the bound of the search', () => {
    const { code, out } = hapsim('explore', FIXED, ...DOWN)
    expect(code).toBe(0)
    expect(out).toContain('The schedule makes no difference within the bound.')
  })

  it('shows only the verdict with --quiet', () => {
    expect(hapsim('explore', RACE, ...DOWN, '-q').out.trim()).toBe('Schedule-dependent: 2 outcomes.')
  })

  it('finds the same with two jobs, and with two merged shards, as with one job', () => {
    const search = ['explore', RACE, ...DOWN, '--json']
    const one = data(hapsim(...search).out)
    const jobs = data(hapsim(...search, '--jobs', '2').out)
    const folder = temporaryFolder('shards')
    const files = ['1/2', '2/2'].map((shard, i) => {
      const file = join(folder, `${i}.json`)
      writeFileSync(file, hapsim(...search, '--shard', shard).out)
      return file
    })
    const merged = data(hapsim('explore', '--merge', ...files, '--json').out)
    for (const other of [jobs, merged]) {
      expect(other.schedules).toBe(one.schedules)
      expect(other.complete).toBe(true)
      const counts = (report: ReportData) => report.outcomes.map(({ key, count }) => [key, count]).sort()
      expect(counts(other)).toEqual(counts(one))
    }
    const withoutTime = (text: string) => text.replace(/ in [\d.]+ s /, ' ')
    const whole = hapsim('explore', RACE, ...DOWN)
    const [first, second] = files as [string, string]
    expect(hapsim('explore', '--merge', second, first)).toEqual({ ...whole, out: withoutTime(whole.out) })
  })

  it('verifies itself: every schedule run twice has the same trace', () => {
    const { code, out } = hapsim(
      'explore',
      FIXED,
      ...DOWN,
      '--verify-determinism',
      '--strategy',
      'pct',
      '--schedules',
      '50',
    )
    expect(code).toBe(0)
    expect(out).toContain('50 schedules')
  })

  it('continues after its default actions, so that a handler that always fails is found', () => {
    const folder = temporaryFolder('explore')
    const script = join(folder, 'handler.lua')
    writeFileSync(script, 'core.event_sub({"SERVER_UP"}, function() error("in the handler") end)\n')
    const { code, out } = hapsim('explore', script)
    expect(code).toBe(1)
    expect(out).toMatch(/FAIL lua: Lua event_hdl: .*in the handler/)
    const command = /hapsim (replay .*)$/m.exec(out)![1]!
    expect(command).not.toContain('--for')
    const again = hapsim(...command.split(' '))
    expect(again.code).toBe(1)
    expect(again.out).toMatch(/Failure: lua: .*in the handler/)
  })

  it('explores several files as one configuration', () => {
    const folder = temporaryFolder('explore')
    const [first, second] = [join(folder, '1.cfg'), join(folder, '2.cfg')]
    writeFileSync(first, 'global\n    stats socket /run/haproxy.sock\n')
    writeFileSync(second, 'backend be1\n    server s1 10.0.0.1:80 check\n')
    const one = data(hapsim('explore', first, second, '--json').out)
    const all = data(hapsim('explore', folder, '--json').out)
    expect(one.outcomes).toHaveLength(1)
    expect(one.outcomes[0]!.summary['be1/s1']).toEqual(['SERVER_CHECK L4OK'])
    expect(all.outcomes[0]!.key).toBe(one.outcomes[0]!.key)
  })

  it('reports Lua errors as failures, and whether they are races', () => {
    const folder = temporaryFolder('explore')
    const script = join(folder, 'broken.lua')
    writeFileSync(script, 'core.register_task(function() error("broken") end)\n')
    const { code, out } = hapsim('explore', script, '--all', '--schedules', '20')
    expect(code).toBe(1)
    expect(out).toMatch(/FAIL lua: Lua task: .*broken/)
    expect(out).toContain('It fails under every schedule: not a race.')
  })
})

describe('a usage error', () => {
  const cases: [string, string[], RegExp][] = [
    ['a shard beyond the last', ['explore', RACE, '--shard', '5/4'], /I\/N with I from 1 to N/],
    ['an unknown strategy', ['explore', RACE, '--strategy', 'luck'], /Allowed choices are delay, random, pct/],
    ['an unknown kind of failure', ['explore', RACE, '--fail', 'tears'], /'tears' is not one of assertion/],
    ['a report that is none', ['explore', '--merge', RACE], /is not a report/],
    ['a token cut short', ['replay', 'hs1-mKsDAgCQTgE', RACE], /is not a complete token/],
    ['a token that is none', ['replay', 'abc', RACE], /is not a token/],
    ['no jobs', ['explore', RACE, '--jobs', '0'], /at least 1/],
  ]
  it.each(cases)('%s: the exit code is 2 and the message explains it', (_, args, message) => {
    const { code, complaints } = hapsim(...args)
    expect(code).toBe(2)
    expect(complaints).toMatch(message)
    expect(complaints).not.toMatch(/^\s+at /m)
  })

  it('a token of another scenario: the message explains it', () => {
    const token = data(hapsim('explore', FIXED, ...DOWN, '--json').out).outcomes[0]!.token
    const { code, complaints } = hapsim('replay', token, RACE, ...DOWN)
    expect(code).toBe(2)
    expect(complaints).toContain('printed for another file or test')
  })
})
