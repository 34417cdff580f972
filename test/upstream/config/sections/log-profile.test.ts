/** Sections `log-profile` are for hapsim what they are for `haproxy -c`. */
import { expect, test } from 'vitest'
import { describeUpstream } from '../../support/upstream.js'
import { askHaproxy, askHapsim } from '../compare.js'

const TEXTS: readonly string[] = [
  'log-profile p\n log-tag\n',
  'log-profile p\n log-tag x\n',
  'log-profile p\n log-tag x y\n',
  'log-profile p\n on\n',
  'log-profile p\n on foo\n',
  'log-profile p\n on any\n',
  'log-profile p\n on any drop\n',
  'log-profile p\n on any drop drop\n',
  'log-profile p\n on any drop format x\n',
  'log-profile p\n on any format\n',
  'log-profile p\n on any format x\n',
  'log-profile p\n on any format x drop\n',
  'log-profile p\n on any format %ci\n',
  'log-profile p\n on any format %foo\n',
  'log-profile p\n on any format "%[src]"\n',
  'log-profile p\n on any format "%[src"\n',
  'log-profile p\n on any format "%[nosuch]"\n',
  'log-profile p\n on any sd x\n',
  'log-profile p\n on any sd\n',
  'log-profile p\n on any format x sd y\n',
  'log-profile p\n on any foo\n',
  'log-profile p\n on accept format x foo\n',
  'log-profile p\n on request format "%{+Q}o %t"\n',
  'log-profile p\n on http-req format x\n',
  'log-profile p\n on tcp-req-sess drop\n',
  'log-profile p\n on quic-init drop\n',
  'log-profile p\n on any format "%[path]"\n',
  'log-profile p\n on any format "%HM %{-Q}r"\n',
  'log-profile p\n on close format "a  b"\n',
  'log-profile p\n foo\n',
  'log-profile p\n no log\n',
  'log-profile p\n on any drop\n on any format x\n',
  'log-profile p\nlog-profile p\n log-tag x\n',
  'log-profile\n',
  'log-profile a b\n foo\n',
  'log-profile a/b\n log-tag x\n',
  'log-profile p\n foo\n log-tag\n',
]

describeUpstream('sections log-profile', () => {
  test.for(TEXTS)('%s', (text) => {
    expect(askHapsim(text)).toEqual(askHaproxy(text))
  })
})
