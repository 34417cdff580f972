/** Scripts for HAProxy 3.3 and later, which ask for the mailers of the configuration, and which 3.2 does not know. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCheck, type CheckFlags } from '../../src/cli/check/run.js'
import { Simulation } from '../../src/sim/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const config = (load: string) => `
global
    nbthread 3
    tune.lua.bool-sample-conversion normal
    ${load}
defaults
    mode http
    timeout connect 1s
    timeout client 1s
    timeout server 1s
mailers m
    mailer mail1 127.0.0.1:25
frontend f
    bind :80
backend app
    email-alert mailers m
    email-alert from haproxy@example.com
    email-alert to admin@example.com
    server web1 10.0.0.1:80 check inter 1s fall 1
`

const play = (script: string, load = 'lua-load s.lua') => {
  const sim = new Simulation()
  const smtp = sim.smtp('127.0.0.1:25')
  sim.http('10.0.0.1:80').refuse()
  const haproxy = sim.haproxy({ config: config(load), files: { 's.lua': script }, directory: false }).start()
  sim.advance('5s')
  return { mails: smtp.mails, messages: haproxy.messages, warnings: haproxy.process.logger.warnings }
}

const REMARK =
  "s.lua:1: HAProxy 3.2 has no 'core.use_native_mailers_config', which comes with 3.3: this call is an error there. " +
  "hapsim switches the built-in mailer off, as 'core.disable_legacy_mailers' does in 3.2."

const remarks = (messages: readonly { readonly own?: true; readonly text: string }[]): string[] =>
  messages.filter(({ own }) => own).map(({ text }) => text)

describe('core.use_native_mailers_config', () => {
  it('is not required by the built-in mailer', () => {
    expect(play('').mails.length).toBeGreaterThan(0)
  })

  it.each([
    ['the body', 'core.use_native_mailers_config()', 'lua-load s.lua'],
    ['an init function', 'core.register_init(function() core.use_native_mailers_config() end)', 'lua-load s.lua'],
    ['the body of each thread', 'core.use_native_mailers_config()', 'lua-load-per-thread s.lua'],
    ['the body, twice', 'for i = 1, 2 do core.use_native_mailers_config() end', 'lua-load s.lua'],
  ])('disables the built-in mailer in %s and warns once that 3.2 does not have it', (_, script, load) => {
    const { mails, messages } = play(script, load)
    expect(mails).toEqual([])
    expect(remarks(messages)).toEqual([REMARK])
  })

  it('does not count as a warning of HAProxy', () => {
    expect(play('core.use_native_mailers_config()').warnings).toBe(play('core.disable_legacy_mailers()').warnings)
  })

  it('does not warn about a script for both versions', () => {
    const { mails, messages } = play('core.disable_legacy_mailers() core.use_native_mailers_config()')
    expect(mails).toEqual([])
    expect(remarks(messages)).toEqual([])
  })

  it('cannot be called in tasks', () => {
    const { messages } = play('core.register_task(function() core.use_native_mailers_config() end)')
    expect(messages.map(({ text }) => text).join('\n')).toContain('not available outside of init or body context')
  })

  it('is reported by hapsim check', () => {
    const folder = temporaryFolder('native')
    writeFileSync(join(folder, 's.lua'), 'core.use_native_mailers_config()')
    // more threads than processors would be warned of
    writeFileSync(join(folder, 'haproxy.cfg'), config(`lua-load ${folder}/s.lua`).replace(/nbthread \d+/, 'nbthread 1'))
    const output = { text: '', json: '' }
    for (const form of ['text', 'json'] as const) {
      const say = (text: string) => void (output[form] += `${text}\n`)
      const terminal = { write: say, writeError: say, colours: false, clock: () => 0, exitCode: 0 }
      const flags: CheckFlags = { lua: '5.4', env: {}, ...(form === 'json' ? { json: true } : {}) }
      expect(runCheck([join(folder, 'haproxy.cfg')], flags, terminal)).toBe(0)
    }
    expect(output.text).toContain(`hapsim: ${folder}/${REMARK}`)
    expect(output.text).not.toContain('Warnings were found')
    expect(output.json.split('\n').map((line) => line && JSON.parse(line))).toContainEqual({
      type: 'remark',
      text: `${folder}/${REMARK}`,
    })
  })
})
