import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { builtInConfigText } from '../../src/cli/built-in.js'
import { build, root } from '../support/build.js'
import { Simulation } from '../../src/sim/index.js'

const script = readFileSync(new URL('../../lua/mailers.lua', import.meta.url), 'utf8')

/** A lively world: three servers that come and go, random latencies, mails under way while other things happen. */
const play = (seed: number) => {
  const sim = new Simulation({ seed })
  const smtp = sim.smtp('127.0.0.1:25').slow('30ms')
  const webs = ['10.0.0.1:80', '10.0.0.2:80'].map((address) => sim.http(address))
  const haproxy = sim.haproxy({
    config: builtInConfigText(['mailers.lua'], true).replace('global', 'global\n    spread-checks 20'),
    files: { 'mailers.lua': script },
    directory: false,
  })
  haproxy.start()
  for (let i = 0; i < 6; i++) {
    const web = webs[i % 2]!
    sim.at(`${1 + i}s`, () => (i % 3 === 2 ? web.accept() : web.refuse()))
  }
  sim.advance('12s')
  return { hash: sim.trace.hash, mails: smtp.mails.map((mail) => mail.subject), logs: haproxy.logs.length }
}

describe('determinism', () => {
  it('one seed gives one trace, for 200 seeds', () => {
    const hashes = new Set<string>()
    for (let seed = 1; seed <= 200; seed++) {
      const first = play(seed)
      expect(first.mails.length).toBeGreaterThan(2)
      expect(play(seed)).toEqual(first)
      hashes.add(first.hash)
    }
    expect(hashes.size).toBe(200)
  })

  it('another process gives the same trace', () => {
    build()
    const run = (...args: string[]) =>
      execFileSync(process.execPath, ['dist/cli/main.js', 'run', 'lua/mailers.lua', '--json', ...args], {
        cwd: root,
        encoding: 'utf8',
        env: { ...process.env, TZ: args.length > 2 ? 'Asia/Tokyo' : 'UTC', LANG: 'de_DE.UTF-8' },
      })
    expect(run('--seed', '7')).toBe(run('--seed', '7', '--for', '30s'))
    expect(run('--seed', '7')).not.toBe(run('--seed', '8'))
  })
})
