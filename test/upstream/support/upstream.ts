/**
 * The real HAProxy, to compare with. Its folder is named by HAPSIM_UPSTREAM, else it is ~/.cache/hapsim-upstream. Where it
 * is missing, the comparisons are skipped, and say so.
 */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'

const folder = process.env.HAPSIM_UPSTREAM ?? join(homedir(), '.cache', 'hapsim-upstream')

/** The path of something that upstream brings: `haproxy`, `source/examples/lua/mailers.lua`. */
export const upstream = (path: string): string => join(folder, path)

export const hasUpstream = existsSync(upstream('haproxy'))

/** A group of comparisons with the real HAProxy. */
export const describeUpstream = (name: string, body: () => void): void => {
  if (!hasUpstream) console.warn(`SKIPPED: "${name}": the real HAProxy is not at ${folder} (set HAPSIM_UPSTREAM)`)
  describe.skipIf(!hasUpstream)(name, body)
}
