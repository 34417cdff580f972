// The real HAProxy, from which src/config/known/ is generated. Its path is the first argument of the scripts that use this.
import { spawnSync } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'

const upstream = process.env.HAPSIM_UPSTREAM ?? join(homedir(), '.cache', 'hapsim-upstream')

export const binary = process.argv[2] ?? join(upstream, 'haproxy')

export const run = (...args) => spawnSync(binary, args, { encoding: 'utf8' })

/** What it lists as registered. */
export const registered = () => run('-dKall', '-q', '-c', '-f', '/dev/null').stdout

export const version = /version (\d+\.\d+\.\d+)/.exec(run('-v').stdout ?? '')?.[1]
if (version === undefined) throw new Error(`${binary} is not HAProxy`)

/** Words as the text of a template literal, in lines of limited length. */
export const wordLines = (words) => {
  const lines = ['']
  for (const word of words) {
    if (lines.at(-1).length + word.length > 116) lines.push('')
    lines[lines.length - 1] += ` ${word}`
  }
  return lines.map((line) => `\n ${line}`).join('')
}
