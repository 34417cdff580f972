/**
 * `HAPROXY_PROGRAM=hapsim-haproxy varnishtest`: the tests that HAProxy's own testers write are carried out with it. A small
 * one of ours, and HAProxy's regression tests (`reg-tests/` of its source, read where it lies). What fails is played with the
 * real HAProxy as well.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { build } from '../../../support/build.js'
import { OURS, REAL } from '../../support/programs.js'
import { hasUpstream, upstream } from '../../support/upstream.js'
import { FOLDERS, MISSING, OTHER_RELEASE, PASSING, TOO_SHORT } from './regression-tests.js'

const SMALL = fileURLToPath(new URL('small.vtc', import.meta.url))

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

  const passes = async (test: string): Promise<void> => {
    expect(existsSync(test)).toBe(true)
    const ours = await play(test, OURS)
    if (ours.code === 0) return
    const real = await play(test, REAL)
    expect(ours.code, `the real HAProxy ends with ${real.code}, hapsim-haproxy:\n${ours.output}`).toBe(0)
  }

  it('passes small.vtc', () => passes(SMALL), 90_000)

  describe.each(Object.entries(PASSING))('%s', (folder, names) => {
    it.each(names)('passes %s', (name) => passes(upstream(`source/reg-tests/${folder}/${name}.vtc`)), 90_000)
  })

  it('has every regression test of the folders in one list', () => {
    const listed = [
      ...Object.entries(PASSING).flatMap(([folder, names]) => names.map((name) => `${folder}/${name}`)),
      ...Object.values(MISSING).flat(),
      ...TOO_SHORT,
      ...Object.values(OTHER_RELEASE).flat(),
    ].filter((name) => FOLDERS.some((folder) => name.startsWith(`${folder}/`)))
    const files = FOLDERS.flatMap((folder) =>
      readdirSync(upstream(`source/reg-tests/${folder}`))
        .filter((file) => file.endsWith('.vtc'))
        .map((file) => `${folder}/${file.slice(0, -'.vtc'.length)}`),
    )
    expect(listed.toSorted()).toEqual(files.toSorted())
  })

  it('fails if an expectation is not met', async () => {
    const { code } = await play(fileURLToPath(new URL('failing.vtc', import.meta.url)), OURS)
    expect(code).not.toBe(0)
  })
})
