/** The files that `hapsim run` writes for people to look at, as it is shipped. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ChromeTrace } from '../../src/report/chrome-trace.js'
import { build, root } from '../support/build.js'
import { temporaryFolder } from '../support/temporary-folder.js'

beforeAll(build, 60_000)

const folder = temporaryFolder('report')
const RACE = 'fixtures/startup-race/haproxy.cfg'

const hapsim = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli/main.js', ...args], {
    cwd: root,
    encoding: 'utf8',
  })
  return { code: status, out: stdout, complaints: stderr }
}

describe('hapsim run', () => {
  it('writes a page with --report and a trace with --trace, reports it, and prints the same as without', () => {
    const [page, trace] = [join(folder, 'run.html'), join(folder, 'run.json')]
    const call = ['run', RACE, '--for', '1s', '--at', '500ms=down be1/srv1']
    const plain = hapsim(...call)
    const { code, out } = hapsim(...call, '--report', page, '--trace', trace)
    expect(code).toBe(0)
    expect(out).toBe(`${plain.out}wrote ${page}\nwrote ${trace}\n`)
    expect(hapsim(...call, '--json', '--report', page).out).toBe(hapsim(...call, '--json').out)
    const html = readFileSync(page, 'utf8')
    expect(html).toContain('<!doctype html>')
    expect(html).toContain('SERVER_DOWN be1/srv1 · 1 subscriber')
    const { traceEvents } = JSON.parse(readFileSync(trace, 'utf8')) as ChromeTrace
    expect(traceEvents.map(({ name }) => name)).toContain('SERVER_DOWN be1/srv1 · 1 subscriber')
  })

  it('names the file that cannot be written', () => {
    const page = join(folder, 'no', 'such', 'folder.html')
    const { code, complaints } = hapsim('run', RACE, '--for', '1s', '--report', page)
    expect(code).toBe(2)
    expect(complaints.trim()).toBe(`hapsim: cannot write ${page}: no such file or directory`)
    expect(existsSync(page)).toBe(false)
  })
})
