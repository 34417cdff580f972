/** Patterns of ACLs that look like mistakes are reported at the level of `-dD`. The texts are HAProxy's. */
import { expect, it } from 'vitest'
import { parseConfig } from '../support/parse-config.js'

const suspicions = (acl: string): string[] =>
  parseConfig([{ name: 'x.cfg', text: `frontend f\n  acl a ${acl}\n` }])
    .diagnostics.filter(({ severity }) => severity === 'diag')
    .map(({ text }) => text.replace('config : parsing [x.cfg:2] : ', ''))

it.each([
  [
    'str(x) && path',
    [
      "'&&' looks like a failed attempt at using an operator inside a pattern list",
      "'path' suspiciously looks like a known acl keyword",
    ],
  ],
  [
    "str(x) '#' // path_beg(x) src_port src,lower -x",
    [
      "'#' looks like a failed attempt at commenting an end of line",
      "'//' looks like a failed attempt at commenting an end of line",
      "'path_beg(x)' suspiciously looks like a known acl keyword",
      "'src_port' suspiciously looks like a known sample fetch keyword",
      "'src,lower' suspiciously looks like a known sample fetch keyword",
    ],
  ],
  ['str(x) abc', []],
])('%s', (acl, expected) => {
  expect(suspicions(acl)).toEqual(expected.map((text) => `pattern ${text}`))
})
