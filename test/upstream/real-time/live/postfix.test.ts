/**
 * The mailers script that HAProxy ships, in a live process, with a real server that stops and starts and Debian's Postfix
 * as the mail server; the mails that the mail sink takes are the same.
 */
import { readFileSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { MailDirectory } from '../../../../src/live/mail-directory.js'
import { MailSink } from '../../../../src/live/mail-sink.js'
import { LiveHaproxy } from '../../../live/live-haproxy.js'
import { describePostfix, Postfix } from '../../support/postfix.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'
import { RealServer } from '../../support/real-servers.js'
import { hasUpstream, upstream } from '../../support/upstream.js'

const config = (port: number, mailPorts: readonly number[]) => `
global
    log stdout format raw local0
    stats socket unix@@DIR@/sock level admin
    tune.lua.bool-sample-conversion normal
    lua-load @DIR@/mailers.lua
defaults
    mode tcp
    log global
    timeout connect 1s
    timeout client 5s
    timeout server 5s
mailers m
${mailPorts.map((mailPort) => `    mailer at${mailPort} 127.0.0.1:${mailPort}`).join('\n')}
    timeout mail 5s
backend be1
    email-alert mailers m
    email-alert from haproxy@example.com
    email-alert to admin@example.com
    email-alert level info
    server s1 127.0.0.1:${port} check inter 50ms fall 2 rise 2
`

const subjectOf = (mail: string) => /^Subject: (.*?)\r?$/m.exec(mail)?.[1]
const bodyOf = (mail: string) => mail.replaceAll('\r\n', '\n').split('\n\n').slice(1).join('\n\n').trim()

describePostfix('a real mail server', () => {
  it.skipIf(!hasUpstream)("receives the same mails from HAProxy's script as the mail sink", async () => {
    const postfix = await Postfix.start()
    const taken: string[] = []
    const sink = await MailSink.start({
      host: '127.0.0.1',
      port: 0,
      directory: new MailDirectory(temporaryFolder('mails')),
      onMail: (_, file) => void taken.push(readFileSync(file!, 'latin1')),
      warn: (text) => expect.fail(text),
    })
    const server = await new RealServer().up()
    const live = await LiveHaproxy.start(config(server.port, [postfix.port, sink.port]), {
      'mailers.lua': readFileSync(upstream('source/examples/lua/mailers.lua'), 'utf8'),
    })
    try {
      await vi.waitFor(async () => expect(await live.cli('show stat')).toContain(',L4OK,'), 5000)
      await server.down()
      await live.until(() => live.output.some((line) => line.startsWith('Server be1/s1 is DOWN')))
      await live.until(() => postfix.mails('admin').length === 1 && taken.length === 1, 4000)
      await server.up()
      await live.until(() => live.output.some((line) => line.startsWith('Server be1/s1 is UP')))
      await live.until(() => postfix.mails('admin').length >= 2 && taken.length >= 2, 4000)
      const delivered = postfix.mails('admin')
      const bySubject = (mails: readonly string[]) =>
        mails.map((mail) => [subjectOf(mail), bodyOf(mail)]).sort((a, b) => (a[0]! < b[0]! ? -1 : 1))
      expect(bySubject(delivered)).toEqual(bySubject(taken))
      expect(delivered.map((mail) => /Server be1\/s1 is (UP|DOWN)/.exec(mail)?.[1]).sort()).toEqual(['DOWN', 'UP'])
      for (const mail of delivered) {
        expect(mail).toMatch(/^Return-Path: <haproxy@example\.com>$/m)
        expect(mail).toMatch(/^Delivered-To: admin@example\.com$/m)
      }
    } finally {
      await live.stop()
      await server.down()
      await sink.stop()
      postfix.stop()
    }
  })
})
