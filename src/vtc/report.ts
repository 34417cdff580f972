/** What is shown of a test that has ended. */
import { fromByteString } from '../bytes/text.js'
import type { Place } from './failure.js'
import type { Test } from './test.js'

const placeText = (place: Place | undefined): string => (place ? `${place.file}:${place.line}: ` : '')

/** In one line, or a few: `a.vtc:12: c1: EXPECT resp.status (503) == "200" failed`. */
export const resultText = ({ verdict, options }: Test): string => {
  if (verdict?.result === 'failed') {
    const { failure } = verdict
    const actor = failure.actor === undefined || failure.actor === 'top' ? '' : `${failure.actor}: `
    return fromByteString(`${placeText(failure.place ?? { file: options.file, line: 1 })}${actor}${failure.message}`)
  }
  if (verdict?.result === 'skipped') return fromByteString(`${placeText(verdict.skip.place)}${verdict.skip.message}`)
  return ''
}

/** The log of a test, as varnishtest shows it. */
export const logLines = ({ log }: Test): readonly string[] => log.lines().map((line) => fromByteString(line))
