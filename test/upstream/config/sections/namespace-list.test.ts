/** Sections `namespace_list` are for hapsim what they are for `haproxy -c`. */
import { expect, test } from 'vitest'
import { describeUpstream } from '../../support/upstream.js'
import { askHaproxy, askHapsim } from '../compare.js'

const TEXTS: readonly string[] = [
  'namespace_list\n foo\n',
  'namespace_list\n namespace a/b\n',
  'namespace_list\n namespace\n',
  'namespace_list\n namespace "" a/\n',
  'namespace_list x\n',
]

describeUpstream('sections namespace_list', () => {
  test.for(TEXTS)('%s', (text) => {
    expect(askHapsim(text)).toEqual(askHaproxy(text))
  })
})
