/**
 * Sample expressions in the real HAProxy: each is assigned to a process variable by `set-var` in `global`, whose expressions are evaluated while the
 * configuration is read, and printed by a script. Thousands take a fraction of a second.
 */
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromByteString } from '../../../src/bytes/text.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { upstream } from '../support/upstream.js'

/** A result as the script sees it: its Lua type and its bytes in hex, or what HAProxy says against the expression. */
export type RealSample = { type: string; bytes: string } | { error: string }

const BATCH = 1000
/** HAProxy stops reading after 20 errors. */
const ERRORS = 15

const PRINT = `
local count = tonumber(core.get_var("proc.count"))
for i = 1, count do
  local value = core.get_var("proc.v" .. i)
  local hex = tostring(value):gsub(".", function(c) return ("%02x"):format(c:byte()) end)
  print("value", i, math.type(value) or type(value), hex)
end
`

const runBatch = (values: readonly string[], files: Readonly<Record<string, string>>): RealSample[] => {
  const folder = temporaryFolder('samples')
  try {
    const lines = values.map((value, i) => `    ${value.replace(' ', ` proc.v${i + 1} `)}`)
    const config = [
      'global',
      '    tune.vars.global-max-size 0',
      ...lines,
      `    set-var proc.count int(${values.length})`,
      '    tune.lua.bool-sample-conversion normal',
      '    lua-load print.lua',
      'defaults',
      '    timeout client 1s',
      '    timeout connect 1s',
      '    timeout server 1s',
      'listen x',
      '    bind unix@x.sock',
    ]
    writeFileSync(join(folder, 'print.lua'), PRINT)
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content, 'latin1')
    writeFileSync(join(folder, 'x.cfg'), `${config.join('\n')}\n`)
    const { stdout, stderr } = spawnSync(upstream('haproxy'), ['-c', '-f', 'x.cfg'], {
      cwd: folder,
      env: { ...process.env, TZ: 'UTC' },
      encoding: 'latin1',
      maxBuffer: 1 << 28,
      timeout: 60_000,
    })
    const results: RealSample[] = values.map(() => ({ error: '' }))
    for (const [, line, text] of fromByteString(stderr).matchAll(/parsing \[x\.cfg:(\d+)\] : ([^\n]*)/g)) {
      const at = Number(line) - 3
      if (results[at]) results[at] = { error: text! }
    }
    for (const [, i, type, bytes] of stdout.matchAll(/^value\t(\d+)\t(\w+)\t(\w*)$/gm))
      if ('error' in results[Number(i) - 1]! && (results[Number(i) - 1] as { error: string }).error === '')
        results[Number(i) - 1] = { type: type!, bytes: bytes! }
    return results
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export interface Options {
  /** expressions whose values are in proc.v1, proc.v2 and so on for all the others */
  readonly before?: readonly string[]
  /** files of the working directory: contents as byte strings */
  readonly files?: Readonly<Record<string, string>>
  /** what they are: expressions, or log-formats, quoted as in a configuration */
  readonly keyword?: 'set-var' | 'set-var-fmt'
  /** what is expected to be refused is put into small batches */
  readonly isRefused?: (index: number) => boolean
}

/** Evaluates expressions such as `str(a),concat(b)`, written as in a configuration. */
export const realSamples = (
  expressions: readonly string[],
  { before = [], files = {}, keyword = 'set-var', isRefused = () => false }: Options = {},
): RealSample[] => {
  const results: RealSample[] = []
  const run = (indices: readonly number[], size: number): void => {
    for (let at = 0; at < indices.length; at += size) {
      const batch = indices.slice(at, at + size)
      const lines = [...before.map((each) => `set-var ${each}`), ...batch.map((i) => `${keyword} ${expressions[i]!}`)]
      const values = runBatch(lines, files).slice(before.length)
      batch.forEach((index, i) => (results[index] = values[i]!))
    }
  }
  const all = [...expressions.keys()]
  run(
    all.filter((i) => !isRefused(i)),
    BATCH,
  )
  run(all.filter(isRefused), ERRORS)
  return results
}
