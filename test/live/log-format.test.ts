import { describe, expect, it } from 'vitest'
import { formatLogLine, type LogLine } from '../../src/live/log-format.js'

/** What HAProxy 3.2.26 wrote for each format on 2026-11-21, in UTC. */
const WRITTEN: Readonly<Record<string, string>> = {
  raw: 'backend be1 has no server available!',
  short: '<0>backend be1 has no server available!',
  timed: '<0>2026-11-21T00:38:10.829932+00:00 backend be1 has no server available!',
  iso: '2026-11-21T00:38:10.829932+00:00 backend be1 has no server available!',
  priority: '<128>backend be1 has no server available!',
  rfc3164: '<128>Nov 21 00:38:10 localhost haproxy[15069]: backend be1 has no server available!',
  rfc5424: '<128>1 2026-11-21T00:38:10.829932+00:00 - haproxy 15069 - - backend be1 has no server available!',
  local: '<128>Nov 21 00:38:10 haproxy[15069]: backend be1 has no server available!',
}

/** The same moment, and the same clock on the wall whatever the time zone of this machine. */
const utc = Date.UTC(2026, 10, 21, 0, 38, 10, 829)
const zone = new Date(utc).getTimezoneOffset()
const time = (utc + zone * 60_000) * 1000 + 932

const line = (format: string): LogLine => ({
  format,
  facility: 'local0',
  level: 0,
  time,
  hostname: undefined,
  tag: 'haproxy',
  pid: 15069,
  message: 'backend be1 has no server available!',
  maxLength: 1024,
})

describe('a log line', () => {
  it.each(Object.entries(WRITTEN))('in the format %s is as HAProxy writes it', (format, expected) => {
    const written = formatLogLine(line(format)).toString()
    expect(zone === 0 ? written : written.replace(/[+-]\d\d:\d\d(?= )/, '+00:00')).toBe(`${expected}\n`)
  })

  it('says where it comes from when log-send-hostname wants it', () => {
    const written = (format: string) => formatLogLine({ ...line(format), hostname: 'lb1' }).toString()
    expect(written('local')).not.toContain('lb1')
    expect(written('rfc3164')).toContain(' lb1 haproxy[15069]: ')
    expect(written('rfc5424')).toContain(' lb1 haproxy 15069 - - ')
  })

  it('is cut where it is too long, and still ends with a line feed', () => {
    const bytes = formatLogLine({ ...line('raw'), message: 'x'.repeat(200), maxLength: 100 })
    expect(bytes.toString()).toBe(`${'x'.repeat(99)}\n`)
  })
})
