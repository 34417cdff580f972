/** Suggestions for unknown words. The expected ones are the real HAProxy's. */
import { expect, test } from 'vitest'
import { findBestMatch } from '../../src/config/syntax/best-match.js'
import { SERVER_KEYWORDS } from '../../src/config/server/keywords/index.js'

test.for([
  ['chek', 'check'],
  ['intr', 'inter'],
  ['bakup', 'backup'],
  ['weigth', 'weight'],
  ['foo', 'tfo'],
  ['zzzzzzzz', undefined],
])('suggests for %s: %s', ([word, expected]) => {
  expect(findBestMatch(word!, SERVER_KEYWORDS.keys())).toBe(expected)
})
