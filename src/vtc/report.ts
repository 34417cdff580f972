/** What is shown of a test that has ended. */
import { fromByteString } from '../bytes/text.js'
import type { Place } from './failure.js'
import type { Test } from './test.js'

const placeText = (place: Place | undefined): string => (place ? `${place.file}:${place.line}` : '')

/** A test's result for people and programs. */
export interface TestReport {
  readonly result: 'passed' | 'failed' | 'skipped'
  /** why it has failed or is skipped; empty: it has passed */
  readonly message: string
  /** `a.vtc:12`, the command that has failed or that cannot be run here */
  readonly where: string | undefined
  /** what the test needs and is not emulated: `HTTP/2`, `'compression'` */
  readonly missing: readonly string[]
}

/** The result of a test that has ended. */
export const reportOf = (test: Test): TestReport => {
  const { verdict, options } = test
  if (verdict === undefined) throw new Error('the test has not ended')
  if (verdict.result === 'passed') return { result: 'passed', message: '', where: undefined, missing: [] }
  if (verdict.result === 'skipped') {
    const { skip } = verdict
    return { result: 'skipped', message: text(skip.message), where: place(skip.place), missing: [skip.feature] }
  }
  const { failure } = verdict
  const actor = failure.actor === undefined || failure.actor === 'top' ? '' : `${failure.actor}: `
  const where = place(failure.place ?? { file: options.file, line: 1 })
  return { result: 'failed', message: text(actor + failure.message), where, missing: gapsOf(test) }
}

const text = (bytes: string): string => fromByteString(bytes)
const place = (at: Place | undefined): string | undefined => at && text(placeText(at))

const GAP = /((?:section )?'[^']+'(?: of '[^']+')?|core\.\w+) is (?:known to HAProxy but )?not emulated by hapsim yet/g

/** What the HAProxy of a test has ignored since hapsim does not emulate it. */
const gapsOf = ({ log }: Test): string[] => {
  const output = log.entries.filter(({ text: line }) => line.startsWith('debug|'))
  return [...new Set(output.flatMap(({ text: line }) => [...line.matchAll(GAP)].map(([, what]) => text(what!))))]
}

/** In one line, or a few: `a.vtc:12: c1: EXPECT resp.status (503) == "200" failed`. */
export const resultText = (test: Test): string => {
  const { result, message, where, missing } = reportOf(test)
  const shown = where === undefined ? message : `${where}: ${message}`
  return result === 'failed' && missing.length > 0
    ? `${shown}\nhapsim does not emulate ${missing.join(', ')}, which the test uses`
    : shown
}

/** The log of a test, as varnishtest shows it. */
export const logLines = ({ log }: Test): readonly string[] => log.lines().map((line) => text(line))
