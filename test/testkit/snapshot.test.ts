import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { Runner, type RunnerOptions, type TestResult } from '../../src/testkit/index.js'
import { escapeName, parseSnapshots, escapeText, formatSnapshots } from '../../src/testkit/snapshot-file.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { withScript } from './support/run-lua.js'

let directory: string
const SNAP = '__snapshots__/a_test.lua.snap'
const snap = () => readFileSync(join(directory, SNAP), 'utf8')
/** Without the first line. */
const stored = () => snap().replace(/^--.*\n\n/, '')

beforeEach(() => void (directory = temporaryFolder('snapshot')))

/** Runs a_test.lua with this text, beside what earlier runs left. */
const run = (text: string, options: Partial<RunnerOptions> = {}, others: Readonly<Record<string, string>> = {}) => {
  const files = { 'a_test.lua': text, ...others }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content)
  const results: TestResult[] = []
  const printed: string[] = []
  const reporter = {
    result: (result: TestResult) => void results.push(result),
    printed: (line: string) => void printed.push(line),
    end: () => undefined,
  }
  new Runner({ reporter, directory, clock: () => 0, ...options }).run(Object.keys(files))
  return {
    status: results.map((each) => each.status),
    message: results.find((each) => each.problem)?.problem?.message ?? '',
    printed,
  }
}

const matches = (...values: readonly string[]) =>
  `describe('block', function() it('test', function() ${values.map((each) => `assert.matches_snapshot(${each})`).join(' ')} end) end)`

describe('assert.matches_snapshot', () => {
  it('writes missing snapshots beside the test, and compares with them from then on', () => {
    expect(run(matches('"one"', '"two", "name"'))).toEqual({
      status: ['passed'],
      message: '',
      printed: [`${SNAP}: snapshots: 2 written`],
    })
    expect(stored()).toBe('[block test 1]\n| one\n\n[block test: name]\n| two\n')
    expect(run(matches('"one"', '"two", "name"'))).toEqual({ status: ['passed'], message: '', printed: [] })
    expect(run(matches('"1"', '"two", "name"')).status).toEqual(['failed'])
  })

  it('shows the lines that differ, and how to update', () => {
    run(matches('"a\\nb\\nc\\nd\\ne\\nf"'))
    expect(run(matches('"a\\nb\\nc\\nd\\nE\\nf"')).message)
      .toBe(`Does not match the snapshot 'block test 1' (${SNAP}:3).
- Snapshot, + Received:
    b
    c
    d
  - e
  + E
    f
If this change is expected: hapsim test a_test.lua --update`)
    expect(stored()).toContain('| e\n')
  })

  it('formats tables as Lua does, with sorted keys and without volatile parts', () => {
    run(matches('{ 1, "two\\n", { z = 1.5, a = print, ["a b"] = {}, [10] = true } }'))
    expect(stored()).toBe(`[block test 1]
| {
|   1,
|   "two\\n",
|   {
|     [10] = true,
|     a = <function>,
|     ["a b"] = {},
|     z = 1.5,
|   },
| }
`)
  })

  it('formats mails and logs without times, equally in every schedule', () => {
    const text = `${withScript(`
      core.register_task(function()
        local s = core.tcp()
        s:connect('127.0.0.1', 25)
        for _, line in ipairs({ 'HELO me', 'MAIL FROM:<a@b>', 'RCPT TO:<c@d>', 'DATA', 'Subject: Hi\\r\\nDate: today\\r\\n\\r\\nBody\\r\\n.', 'QUIT' }) do
          s:receive('*l')
          s:send(line .. '\\r\\n')
        end
        s:receive('*l')
        core.log(core.warning, 'mailed')
      end)`)}
      it('mails', function()
        local sim, haproxy, _, smtp = start()
        sim:advance('1s')
        assert.matches_snapshot(smtp.mails)
        assert.matches_snapshot(haproxy.logs, 'logs')
      end)`
    expect(run(text).status).toEqual(['passed'])
    expect(stored()).toMatch(/^\[mails 1\]\n\| mail from a@b to c@d\n\| {3}subject: Hi\n\|\n\| {3}Body\n/)
    expect(stored()).toMatch(/\[mails: logs\]\n(?:\| \[\w+\] .*\n)*\| \[warning\] mailed\n/)
    expect(run(text, { seed: 99 }).status).toEqual(['passed'])
    expect(run(text, { explore: 20 })).toEqual({ status: ['passed'], message: '', printed: [] })
  })

  it('compares all schedules of a test with the same snapshot', () => {
    const { status, message } = run(
      `${withScript('')} local n = 0
      it.explore('changes', { schedules = 5 }, function()
        local sim = start() sim:advance('3s') n = n + 1 assert.matches_snapshot(tostring(n > 1)) end)`,
      { snapshots: 'all' },
    )
    expect(status).toEqual(['failed'])
    expect(message).toContain('written in this run')
  })

  it('updates snapshots that differ and removes obsolete ones', () => {
    run(matches('"one"', '"two"', '"three"'))
    const { status, printed } = run(matches('"1"'), { snapshots: 'all' })
    expect({ status, printed }).toEqual({ status: ['passed'], printed: [`${SNAP}: snapshots: 1 updated, 2 removed`] })
    expect(stored()).toBe('[block test 1]\n| 1\n')
    run(matches(), { snapshots: 'all' })
    expect(existsSync(join(directory, SNAP))).toBe(false)
  })

  it('reports obsolete snapshots, unless tests failed or were excluded', () => {
    run(matches('"one"', '"two"'))
    expect(run(matches('"one"')).printed).toEqual([
      `${SNAP}:6: obsolete snapshot 'block test 2' (--update removes obsolete snapshots)`,
    ])
    expect(run(matches('"wrong"')).printed).toEqual([])
    expect(run(matches('"one"'), { filter: [/t/] }).printed).toEqual([])
    expect(run(`error('broken')`, { snapshots: 'all' }).printed).toEqual([])
    expect(run(`it('bro`, { snapshots: 'all' }).printed).toEqual([])
    expect(run(`pending('block test')`, { snapshots: 'all' }).printed).toEqual([])
    expect(stored()).toContain('| two')
  })

  it('writes nothing in CI', () => {
    const { status, message } = run(matches('"one"'), { snapshots: 'none' })
    expect(status).toEqual(['failed'])
    expect(message).toMatch(/^Missing snapshot 'block test 1' in __snapshots__\/a_test.lua.snap/)
    expect(existsSync(join(directory, SNAP))).toBe(false)
  })

  it('reports the line of a damaged file, leaves the file unchanged, and runs other files', () => {
    run(matches('"one"'))
    for (const [damage, line, why] of [
      ['', 1, 'expected the header of a snapshot file'],
      [`${snap()}<<<<<<< HEAD\n`, 5, 'expected a name in brackets or a line starting'],
      [`${snap()}[block test 1]\n| x\n`, 5, "duplicate snapshot 'block test 1'"],
    ] as const) {
      writeFileSync(join(directory, SNAP), damage)
      const { status, message } = run(
        matches('"one"'),
        { snapshots: 'all' },
        { 'b_test.lua': `it('x', function() end)` },
      )
      expect(status).toEqual(['error', 'passed'])
      expect(message).toContain(`${SNAP}:${line}: cannot read snapshots: ${why}`)
      expect(snap()).toBe(damage)
    }
  })

  it('reports why a file cannot be read or written', () => {
    mkdirSync(join(directory, SNAP), { recursive: true })
    expect(run(matches('"one"'))).toMatchObject({
      status: ['error'],
      message: `${SNAP}: cannot read snapshots: EISDIR`,
    })
    rmSync(join(directory, '__snapshots__'), { recursive: true })
    writeFileSync(join(directory, '__snapshots__'), '')
    expect(run(matches('"one"'))).toMatchObject({
      status: ['passed', 'error'],
      message: `cannot write ${SNAP}: EEXIST`,
    })
  })

  it('rejects invalid calls', () => {
    expect(run(`it('x', function() assert.not_matches_snapshot('x') end)`).message).toContain('cannot be negated')
    expect(run(`it('x', function() assert.matches_snapshot() end)`).message).toContain('needs a value')
    expect(run(`it('x', function() assert.matches_snapshot(1, 2) end)`).message).toContain('must be a string')
    expect(run(`assert.matches_snapshot(1)`).message).toContain('outside of a test')
  })
})

describe('a file of snapshots', () => {
  it('preserves every text and name', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom('', '| x', '[x]', ' ', '\t', '\x1b[0m'))
    const text = fc.array(line, { minLength: 1 }).map((lines) => lines.join('\n'))
    fc.assert(
      fc.property(fc.dictionary(text.map(escapeName), text.map(escapeText)), (texts) => {
        const snapshots = new Map(Object.entries(texts).map(([name, each]) => [name, { text: each }]))
        const read = parseSnapshots(formatSnapshots(snapshots))
        expect(Object.fromEntries([...read].map(([name, each]) => [name, each.text]))).toEqual({ ...texts })
      }),
    )
  })

  it('does not depend on the line ends of other systems', () => {
    const text = formatSnapshots(new Map([['a', { text: 'x\ny' }]]))
    expect(parseSnapshots(text.replaceAll('\n', '\r\n'))).toEqual(parseSnapshots(text))
  })
})
