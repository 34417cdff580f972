/** `hapsim test` plays regression tests (.vtc) among tests in Lua. */
import { describe, expect, it } from 'vitest'
import { folderWith } from '../support/files.js'
import { runHapsim } from '../support/hapsim.js'

const FILES = {
  'a_test.lua': "it('adds', function() assert.equals(2, 1 + 1) end)",
  'passing.vtc': 'vtest "passes in virtual time"\ndelay 50\n',
  'failing.vtc': 'vtest "fails"\nbarrier b1 sync\n',
  'skipped.vtc': 'vtest "needs a shell"\nshell { true }\n',
}

const run = async (...args: readonly string[]) => {
  const folder = folderWith(FILES, 'vtc')
  const { code, out } = await runHapsim('test', folder, ...args)
  return { code, out: out.replaceAll(`${folder}/`, '') }
}

describe('regression tests among test files', () => {
  it('are found and reported with the others', async () => {
    const { code, out } = await run('--reporter', 'tap')
    expect(code).toBe(1)
    expect(out).toContain('passes in virtual time')
    expect(out).toMatch(/not ok \d+ - .*fails/)
    expect(out).toContain('Barrier(b1) use error: not initialized')
    expect(out).toMatch(/ok \d+ - .*adds/)
    expect(out).toMatch(/needs a shell.*# SKIP/i)
  })

  it('are listed and selected by their titles', async () => {
    const { code, out } = await run('--filter', 'virtual')
    expect(code).toBe(0)
    expect(out).toContain('passes in virtual time')
    expect(out).not.toContain('adds')
    expect((await run('--list')).out).toContain('failing.vtc:1: fails')
  })
})
