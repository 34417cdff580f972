/** Snapshots whose names or texts have invisible characters. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Runner, type TestResult } from '../../src/testkit/index.js'
import { encodeText } from '../../src/bytes/text.js'
import { folderWith } from '../support/files.js'

/** Runs the file once, and again where no snapshot is written. */
const twice = (body: string) => {
  const directory = folderWith({ 'a_test.lua': body })
  const run = (snapshots: 'new' | 'none') => {
    const results: TestResult[] = []
    const reporter = { result: (each: TestResult) => void results.push(each), printed: () => {}, end: () => {} }
    new Runner({ reporter, directory, clock: () => performance.now(), snapshots }).run(['a_test.lua'])
    return results.map(({ status, problem }) => problem?.message ?? status)
  }
  const results = [run('new'), run('none')]
  return { results, file: readFileSync(join(directory, '__snapshots__/a_test.lua.snap'), 'utf8') }
}

describe('a snapshot is found again', () => {
  it.each([
    ['an end of a line of Unicode', '\u2028', '\\u2028'],
    ['an end of a paragraph of Unicode', '\u2029', '\\u2029'],
    ['the next line of C1', '\u0085', '\\u0085'],
    ['a control of C1', '\u009b', '\\u009b'],
    ['what turns the direction of writing', '\u202e', '\\u202e'],
    ['a mark of the order of bytes', '\ufeff', '\\ufeff'],
    ['an escape', '\x1b', '\\x1b'],
    ['a carriage return', '\r', '\\x0d'],
    ['a NUL', '\0', '\\x00'],
    ['a bracket', ']', ']'],
    ['a byte that is no UTF-8', '\udcff', '\\xff'],
  ])('whose name and text have %s', (_, character, shown) => {
    const lua = `"a${[...encodeText(character)].map((byte) => `\\${String(byte).padStart(3, '0')}`).join('')}b"`
    const { results, file } = twice(`it(${lua}, function() assert.matches_snapshot(${lua}) end)`)
    expect(results).toEqual([['passed'], ['passed']])
    expect(file).toContain(`\n[a${shown}b 1]\n| a${shown}b\n`)
  })
})
