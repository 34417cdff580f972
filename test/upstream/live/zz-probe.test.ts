/** The script that HAProxy ships meets mail servers with bad manners: `hapsim-haproxy` says, sends and gives up as the real `haproxy`. */
import { readFileSync } from 'node:fs'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { build } from '../../support/build.js'
import { ODD_MANNERS, OddMailServer } from '../support/odd-mail-servers.js'
import { OURS, REAL } from '../support/programs.js'
import { RealHaproxy, sleep } from '../support/real-haproxy.js'
import { describeUpstream, upstream } from '../support/upstream.js'

const NAMES = [...Object.keys(ODD_MANNERS), 'isNotThere']

/** A backend for each server. */
const config = (ports: readonly number[]): string => `
global
    log stdout format raw local0
    stats socket unix@@DIR@/sock level admin
    nbthread 1
    tune.lua.bool-sample-conversion normal
    lua-load @DIR@/mailers.lua
defaults
    mode tcp
    log global
    timeout connect 1s
    timeout client 5s
    timeout server 5s
${NAMES.map(
  (name, i) => `
mailers ${name}
    mailer ${name} 127.0.0.1:${ports[i]}
    timeout mail 1s
backend ${name}
    email-alert mailers ${name}
    email-alert from haproxy@example.com
    email-alert to admin@example.com
    email-alert level info
    email-alert myhostname monitor
    server s1 127.0.0.1:1
`,
).join('')}`

const undo: (() => unknown)[] = []

afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each()
})

beforeAll(build, 60_000)

/** What becomes of the mail to each server: what the script says of it, and what the server hears. */
const play = async (program: string): Promise<Record<string, unknown>> => {
  const servers = await Promise.all(NAMES.map((name) => new OddMailServer(ODD_MANNERS[name] ?? {}).up()))
  undo.push(() => Promise.all(servers.map((server) => server.down())))
  await servers.at(-1)!.down()
  const files = { 'mailers.lua': readFileSync(upstream('source/examples/lua/mailers.lua'), 'utf8') }
  const haproxy = await RealHaproxy.start(config(servers.map(({ port }) => port)), files, program)
  undo.push(() => haproxy.stop())
  await sleep(200)
  const outcomes: Record<string, unknown> = {}
  for (const [i, name] of NAMES.entries()) {
    const t0 = Date.now()
    const { heard } = servers[i]!
    await haproxy.cli(`set server ${name}/s1 health down`)
    const complaint = () => haproxy.output.find((line) => line.startsWith(`Can't send email alert to ${name}:`))
    const isOver = () => complaint() !== undefined || (heard.includes('QUIT') && servers[i]!.left > 0)
    for (const end = Date.now() + 8000; !isOver() && Date.now() < end;) await sleep(10)
    await sleep(50)
    console.log(
      program.includes('upstream') ? 'REAL' : 'OURS',
      name,
      Date.now() - t0,
      JSON.stringify(complaint()?.slice(0, 100)),
      heard.length,
      isOver(),
    )
    outcomes[name] = {
      isOver: isOver(),
      said: complaint()?.replace(/127\.0\.0\.1:\d+/, 'ADDRESS'),
      heard: heard.map(undated),
    }
  }
  return outcomes
}

const undated = (line: string): string => line.replace(/^Date: .*/, 'Date:')

describeUpstream('a mail server with bad manners', () => {
  it('is dealt with as in HAProxy', async () => {
    const [theirs, ours] = await Promise.all([REAL, OURS].map(play))
    expect(ours).toEqual(theirs)
    expect(theirs!['good']).toMatchObject({ isOver: true, heard: expect.arrayContaining(['.', 'QUIT']) as unknown })
  })
})
