/** Time zones. JavaScript's own, which the simulation may not use, are the judge. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LocalTime, offsetText, timeZone, zoneFromTz, UTC } from '../../src/engine/time-zone/index.js'

const seconds = (text: string): number => Date.parse(text) / 1000

/** `+01:00`, as Intl has it */
const offsetOf = (zone: string): ((at: number) => string) => {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
  return (at) => {
    const part = format.formatToParts(at * 1000).find(({ type }) => type === 'timeZoneName')!
    return part.value.replace('GMT', '') || '+00:00'
  }
}

const NAMES = Intl.supportedValuesOf('timeZone')
const KNOWN = NAMES.filter((name) => timeZone(name) !== undefined)
const zonesOf = (names: readonly string[]) => names.map((name) => [name, offsetOf(name)] as const)
// since there are no zones with seconds any more, and before JavaScript's version of the database may know more; version 2025c corrected
// those of Baja California before 1977
const past = fc.integer({ min: seconds('1977-01-01T00:00:00Z'), max: seconds('2023-12-31T00:00:00Z') })
const future = fc.integer({ min: seconds('2040-01-01T00:00:00Z'), max: seconds('2090-01-01T00:00:00Z') })

describe('the time zones of the world', () => {
  it('have the names that JavaScript knows', () => {
    // a newer database may have some more
    expect(KNOWN.length).toBeGreaterThan(400)
    expect(NAMES.length - KNOWN.length).toBeLessThan(5)
  })

  it.each([
    ['since 1977', past, zonesOf(KNOWN)],
    ['far in the future', future, zonesOf(KNOWN.filter((name) => /^(Europe|Australia)/.test(name)))],
  ] as const)('have the right offsets, %s', (_, time, zones) => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), time, ([name, offset], at) => {
        expect([name, at, offsetText(timeZone(name)!.at(at), ':')]).toEqual([name, at, offset(at)])
      }),
      { numRuns: 3000 },
    )
  })

  it('have other names, too', () => {
    for (const name of ['US/Eastern', 'Asia/Calcutta', 'GMT+0', 'Etc/GMT-14', 'EST5EDT', 'CET'])
      expect([name, timeZone(name)]).toEqual([name, expect.anything()])
    for (const name of ['', 'europe/berlin', 'Europe', 'Europe/Berlin ', 'Berlin', '.*', 'Europe/Berlin;x'])
      expect([name, timeZone(name)]).toEqual([name, undefined])
  })
})

describe('a POSIX time zone', () => {
  it('has the offsets of the zone in the database', () => {
    const pairs = [
      ['CET-1CEST,M3.5.0,M10.5.0/3', 'Europe/Berlin'],
      ['EST5EDT,M3.2.0,M11.1.0', 'America/New_York'],
      ['EST5EDT', 'America/New_York'],
      ['AEST-10AEDT,M10.1.0,M4.1.0/3', 'Australia/Sydney'],
      ['IST-1GMT0,M10.5.0,M3.5.0/1', 'Europe/Dublin'],
      ['<-03>3', 'America/Sao_Paulo'],
      ['<+1030>-10:30<+11>-11,M10.1.0,M4.1.0', 'Australia/Lord_Howe'],
      ['IST-2IDT,M3.4.4/26,M10.5.0', 'Asia/Jerusalem'],
    ] as const
    fc.assert(
      fc.property(fc.constantFrom(...pairs), future, ([text, name], at) => {
        expect(timeZone(text)!.at(at)).toEqual(timeZone(name)!.at(at))
      }),
    )
  })

  it('is rejected if invalid', () => {
    const problems = [
      'AB1',
      'ABC',
      'ABC1DEF,',
      'ABC1DEF,M3.5.0',
      'ABC1DEF,M13.1.0,M3.1.0',
      'ABC1DEF,J0,J3',
      '<AB>1',
      'ABC1 ',
    ]
    expect(problems.filter((text) => timeZone(text) !== undefined)).toEqual([])
  })
})

it('TZ is the name of a zone, of its file, or empty', () => {
  const machine = timeZone('Asia/Tokyo')!
  const abbreviation = (value: string | undefined) => zoneFromTz(value, machine).at(0).abbreviation
  expect(abbreviation(undefined)).toBe('JST')
  expect(['', ':', 'UTC0', 'nonsense', '/etc/localtime'].map(abbreviation)).toEqual([
    'UTC',
    'UTC',
    'UTC',
    'nonsense',
    'JST',
  ])
  expect([':Europe/Paris', '/usr/share/zoneinfo/Europe/Paris', 'posix/Europe/Paris'].map(abbreviation)).toEqual([
    'CET',
    'CET',
    'CET',
  ])
})

it('a moment is determined by its local date and the DST flag', () => {
  const zones = ['Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Europe/Dublin', 'Asia/Kathmandu']
  fc.assert(
    fc.property(fc.constantFrom(...zones), past, (name, at) => {
      const local = new LocalTime(timeZone(name)!)
      const { year, month, day, hour, minute, second, isDaylight } = local.date(at)
      expect(local.seconds([year, month, day, hour, minute, second], isDaylight)).toBe(at)
    }),
    { numRuns: 1000 },
  )
})

it('dates with out-of-range parts are normalized', () => {
  fc.assert(
    fc.property(past, fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: -1e4, max: 1e4 }), (at, more, hours) => {
      const local = new LocalTime(UTC)
      const { year, month, day, hour, minute, second } = local.date(at)
      expect(local.seconds([year, month, day, hour + hours, minute, second + more - hours * 3600])).toBe(at + more)
    }),
  )
})
