/** Runs programs that work with files in the real Lua 5.4 and in a script's body here, each in a separate folder. */
import { spawnSync } from 'node:child_process'
import { lstatSync, readFileSync, readlinkSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import { Simulation } from '../../../src/sim/index.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const PROGRAM = 'program.lua'

export interface Outcome {
  readonly printed: readonly string[]
  /** what is in the folder at the end, by path */
  readonly files: Readonly<Record<string, string>>
}

/** Comparisons with the real Lua; they say that they are skipped without it. */
export const describeWithLua = (name: string, body: () => void): void => {
  const isInstalled = spawnSync('lua5.4', ['-v']).status === 0
  if (!isInstalled) console.warn(`SKIPPED: "${name}": lua5.4 is not installed`)
  describe.skipIf(!isInstalled)(name, body)
}

const inFolder = (
  program: string,
  prepare: (folder: string) => void,
  run: (folder: string) => readonly string[],
): Outcome => {
  const folder = temporaryFolder('files')
  try {
    writeFileSync(join(folder, PROGRAM), program)
    prepare(folder)
    const printed = run(folder).map((line) => line.replace(/0x[0-9a-f]+/g, 'ADDRESS'))
    return { printed, files: contents(folder) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const contents = (folder: string): Record<string, string> =>
  Object.fromEntries(
    (readdirSync(folder, { recursive: true }) as string[])
      .filter((name) => name !== PROGRAM)
      .sort()
      .map((name) => [name, shown(join(folder, name))]),
  )

const shown = (path: string): string => {
  const stats = lstatSync(path)
  if (stats.isSymbolicLink()) return `-> ${readlinkSync(path)}`
  return stats.isFile() ? readFileSync(path, 'latin1') : 'no file'
}

const nothing = (): void => undefined

/** What the real Lua does. */
export const withRealLua = (program: string, prepare = nothing as (folder: string) => void): Outcome =>
  inFolder(program, prepare, (cwd) => {
    const { stdout, stderr } = spawnSync('lua5.4', [PROGRAM], {
      cwd,
      env: { TZ: 'UTC', LC_ALL: 'C', PATH: process.env.PATH },
      encoding: 'latin1',
      input: '',
      maxBuffer: 1 << 28,
    })
    return [...lines(stdout), ...lines(stderr)]
  })

const lines = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))

const CONFIG = `global
    tune.lua.bool-sample-conversion normal
    lua-load ${PROGRAM}
defaults
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend fe
    bind 127.0.0.1:80
`

/** What happens here, in the body of a script. */
export const here = (program: string, prepare = nothing as (folder: string) => void): Outcome =>
  inFolder(program, prepare, (directory) => {
    const haproxy = new Simulation().haproxy({
      config: CONFIG,
      directory,
      allow: { write: true, exec: true },
    })
    haproxy.process.start()
    const alerts = haproxy.messages.filter((each) => each.severity === 'alert')
    haproxy.process.stop()
    return [...haproxy.output, ...alerts.map((each) => each.text)]
  })
