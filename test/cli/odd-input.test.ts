/** Unusable files and folders: commands print an error about them and exit. */
import { beforeAll, describe, expect, it } from 'vitest'
import { build } from '../support/build.js'
import { hapsim } from '../support/command.js'
import { folderWith } from '../support/files.js'

beforeAll(build, 60_000)

const TEST = { 'a_test.lua': `it('passes', function() end)` }

describe('a hapsim.config.json that is nested too deeply', () => {
  it.each([
    ['lists', '['.repeat(3000) + ']'.repeat(3000), '1:51'],
    ['objects', '{"a":'.repeat(3000) + '1' + '}'.repeat(3000), '1:251'],
    ['lists without an end', '['.repeat(300_000), '1:51'],
    ['values of known keys', `{ "test": { "tags": ${'['.repeat(3000)}${']'.repeat(3000)} } }`, '1:69'],
  ])('is a usage error: %s', (_, text, place) => {
    const { code, complaints } = hapsim(folderWith({ ...TEST, 'hapsim.config.json': text }), 'test')
    expect([code, complaints]).toEqual([2, `hapsim: hapsim.config.json:${place}: nested too deeply\n`])
  })

  it('is accepted if only its strings contain brackets', () => {
    const filterOut = '[[]'.repeat(100)
    const folder = folderWith({ ...TEST, 'hapsim.config.json': JSON.stringify({ test: { filterOut } }) })
    expect(hapsim(folder, 'test').code).toBe(0)
  })
})

describe('a directory that cannot be created or written to', () => {
  it.each([
    ['/proc/x', 'no such file or directory'],
    ['/proc/x/y/z', 'no such file or directory'],
    ['/proc', 'no such file or directory'],
    ['/dev/null/x', 'not a directory'],
    ['a_test.lua', 'file already exists'],
  ])('is rejected for coverage reports: %s', (directory, reason) => {
    const { code, complaints } = hapsim(folderWith(TEST), 'test', '--coverage', '--coverage-directory', directory)
    expect([code, complaints]).toEqual([2, `hapsim: coverage reports cannot be written to ${directory}: ${reason}\n`])
  })

  it.each([
    ['/proc/x', 'no such file or directory'],
    ['/proc/x/y', 'no such file or directory'],
    ['/proc', 'no such file or directory'],
    ['/dev/null', 'file already exists'],
    ['/dev/null/x', 'not a directory'],
    ['a_test.lua', 'file already exists'],
  ])('is rejected by hapsim init: %s', (directory, reason) => {
    const { code, out, complaints } = hapsim(folderWith(TEST), 'init', directory)
    expect([code, out]).toEqual([2, ''])
    expect(complaints).toMatch(new RegExp(`^hapsim: cannot write ${directory}/\\S+: ${reason}\\n$`))
  })
})
