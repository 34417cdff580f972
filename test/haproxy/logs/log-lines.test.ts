import { describe, expect, it } from 'vitest'
import { localDate, timeZone, UTC } from '../../../src/engine/time-zone/index.js'
import { formatLogLine, type LogLine } from '../../../src/haproxy/logs/format.js'

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

const moment = Date.UTC(2026, 10, 21, 0, 38, 10) / 1000

const line = (format: string, zone = UTC): LogLine => ({
  format,
  facility: 'local0',
  level: 0,
  date: localDate(moment, zone),
  micros: 829_932,
  hostname: undefined,
  tag: 'haproxy',
  pid: 15069,
  structuredData: '-',
  message: 'backend be1 has no server available!',
  maxLength: 1024,
})

describe('a log line', () => {
  it.each(Object.entries(WRITTEN))("in the format %s is identical to HAProxy's", (format, expected) => {
    expect(formatLogLine(line(format)).toString()).toBe(`${expected}\n`)
  })

  it('contains the local time', () => {
    const zone = timeZone('America/St_Johns')!
    expect(formatLogLine(line('iso', zone)).toString()).toContain('2026-11-20T21:08:10.829932-03:30 ')
    expect(formatLogLine(line('rfc3164', zone)).toString()).toContain('Nov 20 21:08:10 ')
  })

  it('contains the host name with log-send-hostname', () => {
    const written = (format: string) => formatLogLine({ ...line(format), hostname: 'lb1' }).toString()
    expect(written('local')).not.toContain('lb1')
    expect(written('rfc3164')).toContain(' lb1 haproxy[15069]: ')
    expect(written('rfc5424')).toContain(' lb1 haproxy 15069 - - ')
  })

  it('is truncated if too long, and still ends with a line feed', () => {
    const bytes = formatLogLine({ ...line('raw'), message: 'x'.repeat(200), maxLength: 100 })
    expect(bytes.toString()).toBe(`${'x'.repeat(99)}\n`)
  })
})
