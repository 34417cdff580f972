/** Files of public keys that expressions name. */
import { expect, it } from 'vitest'
import { parseConfig } from '../../src/config/index.js'
import { SAMPLES } from '../../src/haproxy/samples/registry.js'

const keyFiles = (text: string) => parseConfig([{ name: 'etc/x.cfg', text }], { samples: SAMPLES }).keyFiles

const check = (args: string): string => `backend b
    option tcp-check
    tcp-check set-var(check.x) str(a.b.c),jwt_verify(${args})
`

it('the file of a key is found in the directory of default-path', () => {
  expect(keyFiles(`global\n    default-path config\n${check('RS256,key.pem')}`)).toEqual([
    { name: 'key.pem', path: 'etc/key.pem' },
  ])
  expect(keyFiles(check('RS256,key.pem'))).toEqual([{ name: 'key.pem', path: 'key.pem' }])
})

it('a file is read if the algorithm is a variable', () => {
  expect(keyFiles(check('check.alg,key.pem'))).toEqual([{ name: 'key.pem', path: 'key.pem' }])
})

it('secrets and variables are not read as files', () => {
  expect(keyFiles(check('HS256,key.pem'))).toEqual([])
  expect(keyFiles(check('RS256,check.key'))).toEqual([])
})
