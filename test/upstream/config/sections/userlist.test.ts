/** Sections `userlist` are for hapsim what they are for `haproxy -c`. */
import { expect, test } from 'vitest'
import { describeUpstream } from '../../support/upstream.js'
import { askHaproxy, askHapsim } from '../compare.js'

const TEXTS: readonly string[] = [
  'userlist u\n user\n',
  'userlist u\n user a\n',
  'userlist u\n user a password\n',
  'userlist u\n user a password x\n',
  'userlist u\n user a insecure-password x\n',
  'userlist u\n user a groups\n',
  'userlist u\n user a foo\n',
  'userlist u\n user a password x password y\n',
  'userlist u\n group\n',
  'userlist u\n group g\n',
  'userlist u\n group g users\n',
  'userlist u\n group g users a\n',
  'userlist u\n group g users a users b\n',
  'userlist u\n group g foo\n',
  'userlist u\n group g/h\n',
  'userlist u\n user a/b\n',
  'userlist u\n foo\n',
  'userlist u\n user a password x foo\n',
  'userlist u\n group g users ,\n',
  'userlist u\n user a groups ,\n',
  'userlist u\n group g x users a\n',
  'userlist u\n user a groups g\n group g\n',
  'userlist u\n group g users a\n user a\n',
  'userlist u\n group g users a,b\n user a\n',
  'userlist u\n user a\n user a\n',
  'userlist u\n group g\n group g\n',
  'userlist u\n group g users x\n group h users y\n',
  'userlist\n user a\n',
  'userlist a b\n user a\n',
  'userlist a/b\n user a\n group g/\n user b groups nosuch\n',
  'userlist a\n user x groups g\nuserlist a\n group g\n',
  'userlist a\n user x\nuserlist b\nuserlist a\n user x\n user x\n',
]

/** The real HAProxy reports the group and crashes when it releases its configuration. */
const UNKNOWN_GROUPS: readonly string[] = [
  'userlist u\n user a groups g\n',
  'userlist u\n user a password x groups g\n',
  'userlist u\n user a groups g,h\n group h\n',
  'userlist u\n user a groups x\n user b groups y\n',
  'userlist u\n user a groups x\n group h users y\n',
  'userlist a\n user x groups g\nuserlist b\nuserlist a\n group g\n',
  'userlist a\n user x groups g\nuserlist b\n user y groups h\n',
  'userlist a\n user x groups g\nbackend b\n server s 127.0.0.1 check\n server s 127.0.0.1 check\nbackend c\n server t 127.0.0.1 check\n default_backend nosuch\n',
]

describeUpstream('sections userlist', () => {
  test.for(TEXTS)('%s', (text) => {
    expect(askHapsim(text)).toEqual(askHaproxy(text))
  })

  test.for(UNKNOWN_GROUPS)('with an unknown group: %s', (text) => {
    const own = askHapsim(text)
    expect(own.messages.slice(0, -1)).toEqual(askHaproxy(text).messages)
    expect(own.messages.at(-1)).toBe('alert: Fatal errors found in configuration.')
    expect(own.failed).toBe(true)
  })
})
