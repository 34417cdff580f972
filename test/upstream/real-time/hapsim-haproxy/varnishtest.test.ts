/**
 * `HAPROXY_PROGRAM=hapsim-haproxy varnishtest`: the tests that HAProxy's own testers write are carried out with it. A small
 * one of ours, and those of HAProxy's regression tests (`reg-tests/` of its source, read where it lies) that need no traffic
 * through frontends and pass, those about errors of configurations among them. Each runs with the real HAProxy beside it.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { build } from '../../../support/build.js'
import { OURS, REAL } from '../../support/programs.js'
import { hasUpstream, upstream } from '../../support/upstream.js'

const SMALL = fileURLToPath(new URL('small.vtc', import.meta.url))

/** Those that pass with `hapsim-haproxy`. */
const PASSING: readonly string[] = [
  'checks/1be_40srv_odd_health_checks',
  'checks/4be_1srv_health_checks',
  'checks/4be_1srv_smtpchk_httpchk_layer47errors',
  'checks/agent-check',
  'checks/http-check-expect',
  'checks/http-check-send',
  'checks/smtp-check',
  'checks/tcp-check_min-recv',
  'checks/tcp-check_multiple_ports',
  'server/cli_add_track_server',
  'server/cli_delete_server',
  'server/cli_set_fqdn',
  'server/cli_set_ssl',
  'spoe/wrong_init',
  'ssl/crt_store',
  'startup/check_condition',
  'startup/default_rules',
  'webstats/missing-stats-fields',
]

const hasVarnishtest = spawnSync('varnishtest', ['-h']).error === undefined
const isReady = hasUpstream && hasVarnishtest
if (!isReady)
  console.warn(`SKIPPED: varnishtest: ${hasVarnishtest ? 'the real HAProxy' : 'the program varnishtest'} is not there`)

/** What varnishtest says, and how it ends. */
const play = (test: string, program: string): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve) => {
    const child = spawn('varnishtest', ['-t', '30', test], { env: { ...process.env, HAPROXY_PROGRAM: program } })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.on('close', (code) => resolve({ code, output }))
  })

describe.skipIf(!isReady)('varnishtest', () => {
  beforeAll(build, 60_000)

  const tests = [SMALL, ...PASSING.map((name) => upstream(`source/reg-tests/${name}.vtc`))]
  it.each(tests.map((test) => [test.split('/').slice(-2).join('/'), test] as const))(
    'passes %s',
    async (_, test) => {
      expect(existsSync(test)).toBe(true)
      for (const program of [REAL, OURS]) {
        const { code, output } = await play(test, program)
        expect(code, `${program}:\n${output}`).toBe(0)
      }
    },
    90_000,
  )

  it('fails if an expectation is not met', async () => {
    const { code } = await play(fileURLToPath(new URL('failing.vtc', import.meta.url)), OURS)
    expect(code).not.toBe(0)
  })
})
