/** Colours and lines on a terminal, as `NO_COLOR`, `FORCE_COLOR` and `COLUMNS` have them. A terminal is lent by `script` of util-linux. */
import { spawnSync } from 'node:child_process'
import { beforeAll, describe, expect, it } from 'vitest'
import { build, root } from '../support/build.js'

beforeAll(build, 60_000)

const COMMAND = `${process.execPath} dist/cli/main.js run lua/mailers.lua --for 1s`

/** Where `CI` is set, there are no colours. */
const UNSET = { NO_COLOR: undefined, FORCE_COLOR: undefined, COLUMNS: undefined, CI: undefined }

const onTerminal = (environment: Readonly<Record<string, string>>): string => {
  const env = { ...process.env, ...UNSET, TERM: 'xterm-256color', ...environment }
  return spawnSync('script', ['-qec', COMMAND, '/dev/null'], { cwd: root, encoding: 'utf8', env }).stdout
}

const lends = spawnSync('script', ['--version']).status === 0
if (!lends) console.warn('SKIPPED: colours on a terminal: the program script is not there')

describe.skipIf(!lends)('on a terminal', () => {
  it('output is coloured', () => {
    expect(onTerminal({})).toContain('\x1b[')
  })

  it('NO_COLOR disables colours', () => {
    const shown = onTerminal({ NO_COLOR: '1' })
    expect(shown).toContain('SERVER_CHECK app/web1')
    expect(shown).not.toContain('\x1b[')
  })

  it('an empty NO_COLOR has no effect', () => {
    expect(onTerminal({ NO_COLOR: '' })).toContain('\x1b[')
  })

  it('there are no colours if TERM is dumb', () => {
    expect(onTerminal({ TERM: 'dumb' })).not.toContain('\x1b[')
  })

  it('FORCE_COLOR=0 disables colours', () => {
    expect(onTerminal({ FORCE_COLOR: '0' })).not.toContain('\x1b[')
  })
})

describe('in a pipe', () => {
  const piped = (environment: Readonly<Record<string, string>>, command = COMMAND): string => {
    const env = { ...process.env, ...UNSET, ...environment }
    return spawnSync('sh', ['-c', command], { cwd: root, encoding: 'utf8', env }).stdout
  }
  const DOWN = `${process.execPath} dist/cli/main.js run lua/mailers.lua --for 7s --at '1s=down app/web1'`

  it('output is not coloured', () => {
    expect(piped({})).not.toContain('\x1b[')
  })

  it('FORCE_COLOR enables colours despite NO_COLOR', () => {
    expect(piped({ FORCE_COLOR: '1' })).toContain('\x1b[')
    expect(piped({ FORCE_COLOR: '1', NO_COLOR: '1' })).toContain('\x1b[')
  })

  it.each(['0', 'false'])('FORCE_COLOR=%s disables colours', (value) => {
    expect(piped({ FORCE_COLOR: value })).not.toContain('\x1b[')
  })

  it('lines are not wrapped, unless COLUMNS sets a width', () => {
    const longest = (text: string) => Math.max(...text.split('\n').map((line) => line.length))
    expect(longest(piped({}, DOWN))).toBeGreaterThan(200)
    expect(longest(piped({ COLUMNS: '80' }, DOWN))).toBeLessThanOrEqual(80)
    expect(longest(piped({ COLUMNS: 'wide' }, DOWN))).toBeGreaterThan(200)
  })
})
