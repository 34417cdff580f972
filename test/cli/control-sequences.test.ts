/** What scripts, tests, configurations and mails say cannot act on the terminal that it is shown on. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { ConsoleView } from '../../src/report/console.js'
import { makeReporter, type ReporterName } from '../../src/testkit/reporters/index.js'
import type { TestResult } from '../../src/testkit/result.js'
import { build, root } from '../support/build.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** Colours, a title of the window, C1's control sequence introducer, NUL, a mark of direction, a byte. */
const HOSTILE = '\x1b[31mred\x1b]0;title\x07 \x9b2J \0 \u202etxet \udcff'
const SHOWN = '\\x1b[31mred\\x1b]0;title\\x07 \\u009b2J \\x00 \\u202etxet \\xff'

/** Sequences that colour are ours, where they are not those that the text has. */
const active = (text: string): string[] =>
  text
    .replace(/\x1b\[[0-9;]*m/g, (sequence) => (sequence === '\x1b[31m' ? '!' : ''))
    .match(/[^\P{Cc}\n\t]|\u202e|!/gu) ?? []

describe('reporters of tests', () => {
  it.each(['spec', 'dot', 'tap', 'json', 'junit'] as const)('%s', (name: ReporterName) => {
    let out = ''
    const reporter = makeReporter(name, {
      write: (text) => void (out += `${text}\n`),
      colours: true,
      replay: () => HOSTILE,
    })
    const result = (status: TestResult['status']): TestResult => ({
      file: HOSTILE,
      names: [HOSTILE, HOSTILE],
      status,
      duration: 1,
      seed: 1,
      where: HOSTILE,
      schedule: undefined,
      trace: [HOSTILE],
      problem: { kind: 'failure', message: HOSTILE, where: HOSTILE },
    })
    for (const status of ['passed', 'failed', 'pending'] as const) reporter.result(result(status))
    reporter.printed(HOSTILE)
    reporter.fileEnded?.({ file: HOSTILE, seed: 1, startedAt: 0, duration: 3 })
    reporter.end({ passed: 1, failed: 1, errors: 0, pending: 1, duration: 3 } as never)
    expect(active(out.replaceAll('\x1b[31m✗', '✗').replaceAll(/\x1b\[31m(?=\d)/g, ''))).toEqual([])
    expect(out).toContain('txet')
  })
})

describe('the console', () => {
  const view = new ConsoleView(true)
  it.each([
    { type: 'log', at: 0, process: 'p', level: 'info', proxy: '', message: HOSTILE },
    { type: 'message', at: 0, process: 'p', severity: 'notice', text: HOSTILE },
    { type: 'event', at: 0, process: 'p', name: 'SERVER_UP', proxy: HOSTILE, server: 's', data: {} },
    { type: 'mail', at: 0, server: 'm', from: HOSTILE, to: HOSTILE, subject: HOSTILE, date: '', body: HOSTILE },
    { type: 'cli', at: 0, command: HOSTILE, answer: HOSTILE },
    { type: 'print', at: 0, process: 'p', stream: 'stdout', text: HOSTILE },
    { type: 'action', at: 0, action: HOSTILE },
  ] as const)('shows $type', (occurrence) => {
    const shown = view.render(occurrence as never)
    expect(active(shown)).toEqual([])
    expect(shown).toContain(SHOWN)
  })
})

describe('commands', () => {
  beforeAll(build, 60_000)

  const folder = temporaryFolder('control')
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content, 'latin1')
    return join(folder, name)
  }
  const lua = String.raw`"\27[31mred\27]0;title\7 \xc2\x9b2J \0 \u{202e}txet \xff"`
  const text = '\x1b[31mred\x1b]0;title\x07 \xc2\x9b2J \xe2\x80\xaetxet \xff'

  it.each([
    ['run', file('print.lua', `core.register_task(function() print(${lua}) error(${lua}) end)`)],
    ['run --json', file('print.lua', `core.register_task(function() print(${lua}) error(${lua}) end)`)],
    [
      'test',
      file('names_test.lua', `describe(${lua}, function() it(${lua}, function() print(${lua}) error(${lua}) end) end)`),
    ],
    ['check', file('words.cfg', `frontend f\n bind :80\n log-format x\n "${text}" y\n`)],
    ['check --json', file('words.cfg', `frontend f\n bind :80\n log-format x\n "${text}" y\n`)],
    ['run', file('words.cfg', `frontend f\n bind :80\n log-format x\n "${text}" y\n`)],
    ['explore --schedules 2', file('fails.lua', `core.register_task(function() error(${lua}) end)`)],
  ])('hapsim %s', (command, path) => {
    const { stdout, stderr } = spawnSync(process.execPath, ['dist/cli/main.js', ...command.split(' '), path], {
      cwd: root,
    })
    const out = Buffer.concat([stdout, stderr]).toString('latin1')
    // valid UTF-8 without control characters, in which the text is still to be seen
    expect(Buffer.from(Buffer.from(out, 'latin1').toString()).toString('latin1')).toBe(out)
    expect(active(Buffer.from(out, 'latin1').toString())).toEqual([])
    expect(out).toContain('txet \\')
  })
})
