/** Colours on a terminal, as https://no-color.org has it. A terminal is lent by `script` of util-linux. */
import { spawnSync } from 'node:child_process'
import { beforeAll, describe, expect, it } from 'vitest'
import { build, root } from '../support/build.js'

beforeAll(build, 60_000)

const COMMAND = `${process.execPath} dist/cli/main.js run lua/mailers.lua --for 1s`

/** Where `CI` is set, there are none. */
const onTerminal = (environment: Readonly<Record<string, string>>): string => {
  const env = { ...process.env, NO_COLOR: undefined, CI: undefined, TERM: 'xterm-256color', ...environment }
  return spawnSync('script', ['-qec', COMMAND, '/dev/null'], { cwd: root, encoding: 'utf8', env }).stdout
}

const lends = spawnSync('script', ['--version']).status === 0
if (!lends) console.warn('SKIPPED: colours on a terminal: the program script is not there')

describe.skipIf(!lends)('on a terminal', () => {
  it('there are colours', () => {
    expect(onTerminal({})).toContain('\x1b[')
  })

  it('there are none with NO_COLOR', () => {
    const shown = onTerminal({ NO_COLOR: '1' })
    expect(shown).toContain('SERVER_CHECK app/web1')
    expect(shown).not.toContain('\x1b[')
  })

  it('an empty NO_COLOR says nothing', () => {
    expect(onTerminal({ NO_COLOR: '' })).toContain('\x1b[')
  })

  it('there are none where TERM is dumb', () => {
    expect(onTerminal({ TERM: 'dumb' })).not.toContain('\x1b[')
  })
})

it('there are none in a pipe', () => {
  const { stdout } = spawnSync('sh', ['-c', COMMAND], { cwd: root, encoding: 'utf8' })
  expect(stdout).not.toContain('\x1b[')
})
