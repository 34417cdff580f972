/** With misbehaving mail servers, the mailer script that HAProxy ships prints, sends and fails in `hapsim-haproxy` as in the real `haproxy`. */
import { readFileSync } from 'node:fs'
import { beforeAll, expect, it } from 'vitest'
import { build } from '../../../support/build.js'
import { BEHAVIORS, OddMailServer } from '../../support/odd-mail-servers.js'
import { OURS, REAL } from '../../support/programs.js'
import { RealHaproxy, sleep } from '../../support/real-haproxy.js'
import { describeUpstream, upstream } from '../../support/upstream.js'

/** So long is waited for what is over in the end, and for what never is. */
const PATIENCE_MS = 20_000
const NEVER_MS = 8000

const NAMES = [...Object.keys(BEHAVIORS), 'isNotThere']

const config = (name: string, port: number): string => `
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
mailers m
    mailer ${name} 127.0.0.1:${port}
    timeout mail 3s
backend be1
    email-alert mailers m
    email-alert from haproxy@example.com
    email-alert to admin@example.com
    email-alert level info
    email-alert myhostname monitor
    server s1 127.0.0.1:1
`

beforeAll(build, 60_000)

/** What becomes of one mail: what the script says of it, and what the server hears. */
const play = async (program: string, name: string, limit = PATIENCE_MS) => {
  const server = await new OddMailServer(BEHAVIORS[name] ?? {}).up()
  if (name === 'isNotThere') await server.down()
  const files = { 'mailers.lua': readFileSync(upstream('source/examples/lua/mailers.lua'), 'utf8') }
  const haproxy = await RealHaproxy.start(config(name, server.port), files, program)
  try {
    await sleep(100)
    await haproxy.cli('set server be1/s1 health down')
    const complaint = () => haproxy.output.find((line) => line.startsWith("Can't send email alert to"))
    const isOver = () => complaint() !== undefined || (server.heard.includes('QUIT') && server.left > 0)
    for (const end = Date.now() + limit; !isOver() && Date.now() < end;) await sleep(10)
    return {
      isOver: isOver(),
      errors: complaint()?.replace(String(server.port), 'PORT'),
      heard: server.heard.map(undated),
    }
  } finally {
    await haproxy.stop()
    await server.down()
  }
}

const undated = (line: string): string => line.replace(/^Date: .*/, 'Date:')

/** Where a line has begun and not ended when the time is over, HAProxy 3.2.26 never wakes the script again. */
const STUCK = ['tricklesForLongerThanOneWaits', 'halfGreets', 'floodsInOneLine', 'floodsWithoutEnd', 'refusesAtLength']

describeUpstream('a mail server that', () => {
  it.concurrent.each(NAMES.filter((name) => !STUCK.includes(name)))('%s is handled as in HAProxy', async (name) => {
    const [theirs, ours] = await Promise.all([play(REAL, name), play(OURS, name)])
    expect(ours).toEqual(theirs)
    expect(theirs.isOver).toBe(true)
  })

  it.concurrent.each(STUCK)('%s blocks the script of HAProxy forever, and ours until its timeout', async (name) => {
    const [theirs, ours] = await Promise.all([play(REAL, name, NEVER_MS), play(OURS, name)])
    expect([theirs.isOver, ours.isOver]).toEqual([false, true])
  })
})
