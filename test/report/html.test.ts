/** The file of a report: what is in it, and that nothing of a run can get out of its place. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { printable } from '../../src/bytes/printable.js'
import { escapeHtml } from '../../src/report/escape-html.js'
import { htmlReport } from '../../src/report/html.js'
import type { Timeline } from '../../src/report/timeline.js'
import { startupRace } from './startup-race.js'

/** A run in which one line was printed. */
export const printing = (text: string): Timeline => ({
  end: 1000,
  lanes: [{ kind: 'log', name: text, process: 'p' }],
  items: [{ kind: 'print', lane: 0, at: 10, order: 0, text, more: text }],
  omitted: 0,
})

const scripts = (html: string) => [...html.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((each) => each[1]!)

describe('a report', () => {
  let html: string
  let report: ReturnType<typeof startupRace>
  beforeAll(() => {
    report = startupRace()
    html = htmlReport(report)
  })

  it('shows the deviations, their consequences, and how to reproduce them', () => {
    const header = html.slice(html.indexOf('<header>'), html.indexOf('</header>'))
    const words = header.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ')
    expect(words).toContain('Lua task task.lua:24 was delayed')
    expect(words).toContain('SERVER_DOWN be1/srv1 · no subscriber in “usual order”: 1 subscriber')
    expect(words).toContain('mail at mail1: SERVER_DOWN be1/srv1 only in “usual order”')
    expect(words).toContain('Lua event task.lua:25 never ran in “failing”')
    expect(words).toContain(report.command)
  })

  it('is self-contained', () => {
    expect(html).not.toMatch(/\b(?:src|href)\s*=|@import|url\(/i)
    expect(html).not.toMatch(/https?:\/\//)
  })

  it('permits only its own script and style', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    const script = scripts(html).at(-1)!
    expect(policy).toContain(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`)
    expect(html).not.toMatch(/ style=| on\w+=/)
  })

  it('reports that a timeline is truncated', () => {
    const full = {
      ...report.baseline,
      end: 1,
      lanes: report.baseline.lanes,
      items: report.baseline.items,
      omitted: 1234,
    }
    expect(htmlReport({ title: 't', runs: [{ name: 'run', timeline: full }] })).toContain('1,234 items after the first')
  })

  it('reports that two runs are identical', () => {
    const same = htmlReport({
      title: 't',
      runs: [
        { name: 'one', timeline: report.baseline },
        { name: 'two', timeline: report.baseline },
      ],
    })
    expect(same).toContain('The two runs are identical.')
  })

  it('keeps hostile text from being interpreted', () => {
    for (const text of [
      '</script><script>alert(1)</script>',
      '<!--<script>',
      ']]>',
      '<img onerror=alert(1)>',
      '\u2028',
    ]) {
      const hostile = htmlReport({
        title: text,
        subtitle: text,
        command: text,
        runs: [{ name: text, timeline: printing(text), deviations: [text], outcome: { [text]: [text] } }],
      })
      expect(scripts(hostile)).toHaveLength(2)
      expect(hostile).not.toContain('<img')
      expect(hostile).not.toContain('<!--')
      const data = JSON.parse(scripts(hostile)[0]!) as { runs: [{ items: [{ text: string }] }] }
      expect(data.runs[0].items[0].text).toBe(printable(text))
    }
  })
})

describe('escaping', () => {
  it('leaves no character that has a meaning in HTML', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeHtml(text).replace(/&#\d+;/g, '')).not.toMatch(/[<>"'`&\x00-\x08]/)
      }),
    )
  })

  it('makes control characters visible', () => {
    expect(escapeHtml('a\x1b[31mb\x00')).toBe('a\\x1b[31mb\\x00')
  })
})
