/** Dates in cookies of persistence. */
import { expect, it } from 'vitest'
import { formatDate30, parseDate30 } from '../../../src/haproxy/streams/http/cookie-state.js'

// from a cookie that HAProxy set on 27 November 2026 at 16:05:44 UTC
const UNITS = 1_795_795_544 / 4

it('a date is five digits to the base 64, in units of four seconds', () => {
  expect(formatDate30(UNITS)).toBe('awmqW')
  expect(parseDate30('awmqW')).toBe(UNITS)
})

it('other characters, and fewer digits, are no date', () => {
  expect(parseDate30('aw-qW')).toBeUndefined()
  expect(parseDate30('awmq')).toBeUndefined()
})
