/** Sections `program` are for hapsim what they are for `haproxy -c`. */
import { expect, test } from 'vitest'
import { accounts } from '../../../../src/net/node/index.js'
import { describeUpstream } from '../../support/upstream.js'
import { askHaproxy, askHapsim } from '../compare.js'

const TEXTS: readonly string[] = [
  'global\n expose-deprecated-directives\nprogram a\n command x\n',
  'global\n expose-deprecated-directives\nprogram a\n command\n',
  'global\n expose-deprecated-directives\nprogram a\n command x y z\n',
  'global\n expose-deprecated-directives\nprogram a\n foo\n',
  'global\n expose-deprecated-directives\nprogram a\n option\n',
  'global\n expose-deprecated-directives\nprogram a\n option foo\n',
  'global\n expose-deprecated-directives\nprogram a\n option start-on-reload\n',
  'global\n expose-deprecated-directives\nprogram a\n option start-on-reload x\n',
  'global\n expose-deprecated-directives\nprogram a\n no option start-on-reload\n',
  'global\n expose-deprecated-directives\nprogram a\n default option start-on-reload\n',
  'global\n expose-deprecated-directives\nprogram a\n user\n',
  'global\n expose-deprecated-directives\nprogram a\n user root\n',
  'global\n expose-deprecated-directives\nprogram a\n user root x\n',
  'global\n expose-deprecated-directives\nprogram a\n user nosuch\n',
  'global\n expose-deprecated-directives\nprogram a\n group\n',
  'global\n expose-deprecated-directives\nprogram a\n group root\n',
  'global\n expose-deprecated-directives\nprogram a\n group root x\n',
  'global\n expose-deprecated-directives\nprogram a\n group nosuch\n',
  'global\n expose-deprecated-directives\nprogram a\n user root\n user root\n group root\n group root\n command x\n',
  'global\n expose-deprecated-directives\nprogram\n',
  'global\n expose-deprecated-directives\nprogram a b\n',
  'global\n expose-deprecated-directives\nprogram a\nprogram a\n command x\n',
  'program a\n command x\n',
  'program a\n foo\n bar\n',
  'program a\n command x\nglobal\n expose-deprecated-directives\n',
  'global\n expose-deprecated-directives\n master-worker\nprogram a\n command x\n',
  'global\n expose-deprecated-directives\nbackend b\n foo\nprogram a\n command x\n',
  'global\n expose-deprecated-directives\nbackend b\n foo\nprogram a\n foo\n',
  'global\n expose-deprecated-directives\nprogram a\n command x\nbackend b\n foo\n',
  'global\n expose-deprecated-directives x\nprogram a\n command x\n',
]

describeUpstream('sections program', () => {
  test.for(TEXTS)('%s', (text) => {
    expect(askHapsim(text, { accounts })).toEqual(askHaproxy(text))
  })
})
