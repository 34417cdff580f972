/** Addresses of listeners may be host names, which are resolved when the configuration is read. */
import { afterAll, expect, it } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { describeUpstream } from '../support/upstream.js'
import { checkOurs, checkReal } from './check.js'

const TIMEOUTS = ' timeout client 1s\n timeout server 1s\n timeout connect 1s\n'
const proxy = (lines: string): string => `listen l\n ${lines}\n${TIMEOUTS}`

describeUpstream('addresses', () => {
  const startDirectory = process.cwd()
  afterAll(() => process.chdir(startDirectory))

  it.each([
    proxy('bind localhost:20001'),
    proxy('bind 00.0.0.1:20001'),
    proxy('bind localhost:20002,127.1:20003'),
    proxy('bind nosuch.invalid:20001\n bind 0x7f.1:20001\n bind a_b:20004\n bind ipv4@localhost:20004'),
    `global\n stats socket localhost:20002\n${proxy('bind :20001')}`,
    `${proxy('bind :20001')}log-forward f\n bind 127.1:20001\n dgram-bind 127.1:20001\n dgram-bind nosuch.invalid:20001\n`,
    `${proxy('bind :20001')}peers p\n bind 127.1:20001\n server a localhost:2\n`,
  ])('of listeners may be names: %j', async (text) => {
    const each = { name: text, folder: '.', flags: [], text }
    const settings = { root: temporaryFolder('addresses'), file: 'x.cfg', descriptor: 0 }
    expect(checkOurs(each, settings)).toEqual(await checkReal(each, settings))
  })
})
