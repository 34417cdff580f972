/** Proxies, servers, listeners and their lists in Lua: one script, run in the real HAProxy and here, prints the same. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { Simulation } from '../../../src/sim/index.js'
import { RealHaproxy } from '../support/real-haproxy.js'
import { describeUpstream } from '../support/upstream.js'

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')
const config = fixture('objects.cfg')
const script = fixture('objects.lua')

/** Columns that a backend does not have, in which the real one shows what its last call left there. */
const STALE = /^(?:addr|idle_conn_cur|need_conn_est|safe_conn_cur|srid|srv_icur|used_conn_cur)=/

/**
 * What differs for good reason: what is left of earlier calls in backends' statistics, limits that follow from the
 * machine, and the second at which things happen. Lua 5.4 names metamethods without the two underscores and functions in
 * C as such, which the VM here does not do yet.
 */
const comparable = (line: string): string => {
  const words = line.startsWith('> be stats') ? line.split(' ').filter((word) => !STALE.test(word)) : line.split(' ')
  return (
    words
      .join(' ')
      .replace(/ slim=\d+/, '')
      .replace(/ lastchg=\d+/, '')
      // how many checks have reached the listener depends on time
      .replace(/FE: \d+, BE: \d+/, '')
      .replaceAll("'__index'", "'index'")
      .replace('[JS]', '[C]')
  )
}

const ours = (): string[] => {
  const sim = new Simulation()
  const haproxy = sim.haproxy({
    config: config.replaceAll('@DIR@', '/run'),
    files: { 'objects.lua': script },
    directory: false,
  })
  const lines: string[] = []
  sim.trace.listen((record) => {
    if (record.type === 'print') lines.push(...(record as unknown as { text: string }).text.trimEnd().split('\n'))
    else if (record.type === 'message') {
      const { severity, text } = record as unknown as { severity: string; text: string }
      if (severity === 'warning' || severity === 'alert') lines.push(`[${severity}] ${text}`)
    }
  })
  haproxy.start()
  sim.advance('1s')
  return lines
}

const theirs = async (): Promise<string[]> => {
  const real = new RealHaproxy(config, { 'objects.lua': script })
  await real.until(() => real.hasReported('> end'))
  await real.stop()
  return [...real.output, ...real.warnings]
}

/** Messages and prints come over two pipes: each kind in its own order. */
const sorted = (lines: readonly string[]): Record<string, string[]> => {
  const messages = lines.filter(
    (line) => line.startsWith('[') && !/hapsim does not emulate|not emulated by hapsim/.test(line),
  )
  return {
    prints: lines.filter((line) => line.startsWith('> ')).map(comparable),
    ofMailers: messages.filter((line) => line.includes('Legacy mailers')),
    ofServers: messages.filter((line) => !line.includes('Legacy mailers')).map(comparable),
  }
}

describeUpstream('Lua objects', () => {
  it('look and behave as in the real HAProxy', async () => {
    expect(sorted(ours())).toEqual(sorted(await theirs()))
  })
})
