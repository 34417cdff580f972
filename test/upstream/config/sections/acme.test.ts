/** Sections `acme` are for hapsim what they are for `haproxy -c`. */
import { expect, test } from 'vitest'
import { describeUpstream } from '../../support/upstream.js'
import { askHaproxy, askHapsim } from '../compare.js'

const TEXTS: readonly string[] = [
  'global\n expose-experimental-directives\nacme a\n directory\n',
  'global\n expose-experimental-directives\nacme a\n directory x y\n',
  'global\n expose-experimental-directives\nacme a\n contact\n',
  'global\n expose-experimental-directives\nacme a\n contact x\n',
  'global\n expose-experimental-directives\nacme a\n contact x y\n',
  'global\n expose-experimental-directives\nacme a\n account-key\n',
  'global\n expose-experimental-directives\nacme a\n challenge\n',
  'global\n expose-experimental-directives\nacme a\n challenge foo\n',
  'global\n expose-experimental-directives\nacme a\n challenge HTTP-01\n',
  'global\n expose-experimental-directives\nacme a\n challenge DNS-01 x\n',
  'global\n expose-experimental-directives\nacme a\n challenge HTTP-01 x y\n',
  'global\n expose-experimental-directives\nacme a\n keytype\n',
  'global\n expose-experimental-directives\nacme a\n keytype foo\n',
  'global\n expose-experimental-directives\nacme a\n keytype RSA\n',
  'global\n expose-experimental-directives\nacme a\n keytype ECDSA x\n',
  'global\n expose-experimental-directives\nacme a\n bits\n',
  'global\n expose-experimental-directives\nacme a\n bits x\n',
  'global\n expose-experimental-directives\nacme a\n bits 2048\n',
  'global\n expose-experimental-directives\nacme a\n bits 2048 x\n',
  'global\n expose-experimental-directives\nacme a\n curves\n',
  'global\n expose-experimental-directives\nacme a\n curves foo\n',
  'global\n expose-experimental-directives\nacme a\n curves P-384\n',
  'global\n expose-experimental-directives\nacme a\n curves P-384 x\n',
  'global\n expose-experimental-directives\nacme a\n map\n',
  'global\n expose-experimental-directives\nacme a\n map x\n',
  'global\n expose-experimental-directives\nacme a\n map x y\n',
  'global\n expose-experimental-directives\nacme a\n foo\n',
  'global\n expose-experimental-directives\nacme a\n mop\n',
  'acme a\n',
  'acme a\n directory https://x.example/ x\n',
  'global\n expose-experimental-directives\nacme\n',
  'global\n expose-experimental-directives\nacme a b\n',
  'global\n expose-experimental-directives\nacme a\n',
]

describeUpstream('sections acme', () => {
  test.for(TEXTS)('%s', (text) => {
    expect(askHapsim(text)).toEqual(askHaproxy(text))
  })
})
