import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LuaCoverage, reportCoverage, type ScriptCounts } from '../../src/coverage/index.js'
import { Simulation } from '../../src/sim/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const CONFIG = `global
  tune.lua.bool-sample-conversion normal
  lua-load x.lua
defaults
  timeout connect 1s
  timeout client 1s
  timeout server 1s
listen fe
  bind :80
`

const counted = (script: string): readonly ScriptCounts[] => {
  const coverage = new LuaCoverage()
  new Simulation({ coverage }).haproxy({ config: CONFIG, files: { 'x.lua': script } }).start()
  return coverage.scripts
}

/** Reports as lcov; returns the file. */
const lcov = (scripts: readonly ScriptCounts[]): string => {
  const directory = temporaryFolder('coverage')
  reportCoverage(scripts, { reporters: ['lcov'], directory }, { write: () => {}, colours: false })
  return readFileSync(join(directory, 'lcov.info'), 'utf8')
}

describe('reports of coverage', () => {
  it('add counts of several processes, passed as JSON', () => {
    const part = JSON.stringify(counted('local a = 1'))
    const both = [part, part].flatMap((text) => JSON.parse(text) as ScriptCounts[])
    expect(lcov(both)).toMatch(/^DA:1,2$/m)
  })

  it('have distinct paths for different contents of one name', () => {
    const text = lcov([...counted('local a = 1'), ...counted('local a, b = 1')])
    expect(text.match(/^SF:.*$/gm)).toEqual([
      expect.stringMatching(/^SF:x~[0-9a-f]{6}\.lua$/),
      expect.stringMatching(/^SF:x~[0-9a-f]{6}\.lua$/),
    ])
  })

  it('use the plain path for the content on the disk', () => {
    const before = process.cwd()
    process.chdir(temporaryFolder('coverage'))
    try {
      writeFileSync('x.lua', 'local a = 1')
      const text = lcov([...counted('local a = 1'), ...counted('local a, b = 1')])
      expect(text).toMatch(/^SF:x\.lua$/m)
      expect(text).toMatch(/^SF:x~[0-9a-f]{6}\.lua$/m)
    } finally {
      process.chdir(before)
    }
  })

  it('are coloured if requested', () => {
    const show = (colours: boolean): string => {
      const lines: string[] = []
      reportCoverage(counted('local a = 1'), { reporters: ['text'] }, { write: (text) => lines.push(text), colours })
      return lines.join('\n')
    }
    expect(show(true).replace(/\x1b\[\d+m/g, '')).toBe(show(false))
    expect(show(true)).not.toBe(show(false))
  })
})
