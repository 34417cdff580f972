/** Options that hapsim test has from busted choose and prepare the same tests. */
import { spawnSync } from 'node:child_process'
import { beforeAll, describe, expect, test } from 'vitest'
import { build } from '../../support/build.js'
import { hapsim } from '../../support/command.js'
import { folderWith } from '../../support/files.js'

const hasBusted = spawnSync('busted', ['--version']).status === 0
if (!hasBusted) console.warn('SKIPPED: comparison with busted, which is not installed (Debian: lua-busted)')

const FILES = {
  'a_spec.lua': `describe('mails #slow', function()
  it('are sent', function() assert.is_true(true) end)
  it('are kept #disk', function() error('x') end)
  describe('in order', function()
    it('of time', function() end)
  end)
end)
it('logs are kept', function() end)
`,
  'b_spec.lua': `it('finds modules', function()
  assert.equals('from src', require('mod').text)
  assert.equals('deep in src', require('deep').text)
  assert.equals('from init', require('pack').text)
end)
it('finds more', function() assert.equals('from lib', require('more').text) end)
it('has help', function() assert.equals('helped', HELPED) end)
it('was told', function() assert.equals(3, SAID) end)
`,
  'c_check.lua': `it('is called otherwise', function() end)\n`,
  'src/mod.lua': `return { text = 'from src' }`,
  'src/deep/deep.lua': `return { text = 'deep in src' }`,
  'src/pack/init.lua': `return { text = 'from init' }`,
  'lib/more.lua': `return { text = 'from lib' }`,
  'helper.lua': `HELPED = 'helped'`,
}

/** `not ok mails #slow are sent`, in order. */
const verdicts = (tap: string): string[] =>
  tap
    .split('\n')
    .filter((line) => /^(not )?ok /.test(line))
    .map((line) => line.replace(/ok \d+ - /, 'ok ').replaceAll('\\#', '#'))

describe.skipIf(!hasBusted)('compared with busted', () => {
  beforeAll(build, 60_000)
  const folder = folderWith(FILES)
  const busted = (...args: readonly string[]) => spawnSync('busted', args, { cwd: folder, encoding: 'utf8' }).stdout

  test.each<[string[]]>([
    [[]],
    [['--filter', 'sent', '--filter', 'time']],
    [['--filter-out', 'kept']],
    [['--filter-out', 'slow$']],
    [['--filter', 'are', '--filter-out', 'sent']],
    [['--exclude-tags', 'disk']],
    [['--tags', 'slow', '--exclude-tags', 'disk']],
    [['--repeat', '2']],
    [['--pattern', '_check']],
    [['--pattern', '_check', '--pattern', '_spec', '--exclude-pattern', 'b_']],
    [['--lpath', './lib/?.lua']],
    [['--lpath', './lib/?.lua;./src/?.lua;']],
    [['--helper', 'helper.lua']],
    [['--helper', 'helper']],
    [['-e', 'SAID = 1', '-e', 'SAID = SAID + 2']],
  ])('the results are the same with %j', (args) => {
    // modules are looked for where both look for them: in the folder itself
    const expected = verdicts(busted('-o', 'TAP', ...args, '.'))
    expect(expected.length).toBeGreaterThan(0)
    expect(verdicts(hapsim(folder, 'test', '--reporter', 'tap', ...args).out)).toEqual(expected)
  })

  test.each<[string[]]>([[[]], [['--filter', 'kept']], [['--exclude-tags', 'slow']]])(
    'the lists are the same with %j',
    (args) => {
      const lines = (text: string) => text.trim().split('\n')
      const withoutPlace = (line: string) => line.replace(/^\S+:\d+: /, '')
      const expected = lines(busted('--list', ...args, '.').replaceAll('./', ''))
      const found = lines(hapsim(folder, 'test', '--list', ...args).out)
      expect(found.map(withoutPlace)).toEqual(expected.map(withoutPlace))
      // busted has no places for tests outside of blocks
      expect(found).toEqual(expect.arrayContaining(expected.filter((line) => withoutPlace(line) !== line)))
    },
  )
})
