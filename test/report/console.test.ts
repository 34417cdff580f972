/** What people read on a terminal of some width. */
import { describe, expect, it } from 'vitest'
import type { MailRecord } from '../../src/sim/index.js'
import { ConsoleView } from '../../src/report/console.js'
import { ExploreView } from '../../src/report/explore-console.js'

const mail = (subject: string, body: string): MailRecord => ({
  type: 'mail',
  at: 6_000_000,
  server: 'mail1',
  from: 'a@example.com',
  to: 'b@example.com',
  subject,
  body,
  date: '',
})

const TEXT =
  'Server app/web1 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms.'

describe('on a terminal of 80 columns', () => {
  const view = new ConsoleView(false, 80)

  it('a long line continues below its text', () => {
    const shown = view.render({
      type: 'log',
      at: 6_006_000,
      process: 'haproxy',
      level: 'alert',
      message: TEXT,
    } as never)
    expect(shown).toBe(`    6.006s  alert   Server app/web1 is DOWN, reason: Layer4 connection problem,
                    info: "Connection refused", check duration: 0ms.`)
  })

  it('a long header of a mail continues behind its bar, indented', () => {
    expect(view.render(mail(TEXT, TEXT)).split('\n').slice(3)).toEqual([
      '                    | Subject: Server app/web1 is DOWN, reason: Layer4',
      '                    |   connection problem, info: "Connection refused", check',
      '                    |   duration: 0ms.',
    ])
  })

  it('no line is wider, with colours either', () => {
    const coloured = new ConsoleView(true, 80)
    const records = [mail(TEXT.repeat(3), TEXT), { type: 'cli', at: 0, command: 'show info', answer: TEXT.repeat(4) }]
    for (const record of records)
      for (const line of coloured.render(record as never).split('\n'))
        expect(line.replace(/\x1b\[[0-9;]*m/g, '').length).toBeLessThanOrEqual(80)
  })
})

it('lines are not wrapped if the width is unknown', () => {
  const shown = new ConsoleView(false).render(mail(TEXT.repeat(3), 'text'))
  expect(shown).toContain(`| Subject: ${TEXT.repeat(3)}\n`)
})

describe('the body of a mail', () => {
  const view = new ConsoleView(false)
  const below = (subject: string, body: string) => view.render(mail(subject, body)).split('\n').slice(4)

  it('is omitted if the subject ends with the same text', () => {
    expect(below(`[HAProxy Alert] ${TEXT}`, `${TEXT}\n`)).toEqual([])
    expect(below('[HAProxy Alert] web1 is DOWN', 'web1 is\n  DOWN.\n')).toEqual([])
  })

  it('is shown if it contains anything else', () => {
    expect(below('web1 is DOWN', 'web1 is DOWN, look at it\n')).toEqual([
      '                    |',
      '                    | web1 is DOWN, look at it',
    ])
  })

  it('is reported to be missing', () => {
    expect(below('web1 is DOWN', '\n')).toEqual(['                    |', '                    | (no body)'])
  })
})

describe('the result of a search', () => {
  const command = `hapsim replay hs1-abc ${'folder/'.repeat(20)}haproxy.cfg --at '5s=down be1/srv1'`
  const outcome = (key: string, lines: readonly string[]) =>
    ({
      ...{ key, count: 3, deviations: 1, token: 'hs1-abc', summary: { mails: lines } },
      ...{ deviationLines: [TEXT], replay: command },
    }) as never
  const report = {
    schedules: 6,
    strategy: 'delay',
    complete: true,
    covered: 2,
    depth: 2,
    failures: [],
    usual: 'a', // language: allow (a JSON key)
    outcomes: [outcome('a', ['first', 'second']), outcome('b', ['second', 'third'])],
  } as never

  it('describes what an outcome lacks and what only it has', () => {
    const text = new ExploreView(false).render(report)
    expect(text).toContain('    mails:\n      missing: first\n      only here: third\n')
  })

  it('shows commands on separate lines, unwrapped', () => {
    const lines = new ExploreView(false, 60).render(report, { seconds: 1 }).split('\n')
    expect(lines).toContain(`    ${command}`)
    for (const line of lines) if (!line.includes(command)) expect(line.length).toBeLessThanOrEqual(60)
  })
})
