/**
 * Finds calls in the text of a script that end in an error here: functions of HAProxy that are not emulated, and functions of Lua that need a
 * permission.
 */
import { NOT_EMULATED } from '../classes/index.js'
import { Lines, tokensOf, type Token } from '../vm/coverage/tokens.js'
import type { Permissions } from './permissions.js'

/** A use of such a function. */
export interface ScriptUse {
  /** `CertCache.set` */
  readonly what: string
  readonly file: string
  readonly line: number
  /** the flag that permits it; undefined: it is not emulated */
  readonly needs: '--allow-exec' | '--allow-write' | undefined
}

const PROGRAMS: readonly string[] = ['os.execute', 'io.popen']
const DISK: readonly string[] = ['os.remove', 'os.rename']

/** Returns the uses in the order of the text. @param source a script that compiles */
export const findUses = (file: string, source: Uint8Array, allow: Permissions): readonly ScriptUse[] => {
  const wanted = new Map<string, ScriptUse['needs']>([
    ...NOT_EMULATED.map((what) => [what, undefined] as const),
    ...(allow.programs ? [] : PROGRAMS.map((what) => [what, '--allow-exec'] as const)),
    ...(allow.disk ? [] : DISK.map((what) => [what, '--allow-write'] as const)),
  ])
  const text = Buffer.from(source).toString('latin1').replace(/^#.*/, '')
  const tokens = tokensOf(text)
  const lines = new Lines(text)
  return tokens.flatMap((token, i) => {
    const what = memberAt(tokens, i)
    if (what === undefined || !wanted.has(what)) return []
    return [{ what, file, line: lines.position(token.start).line, needs: wanted.get(what) }]
  })
}

/** Returns `CertCache.set` for `CertCache.set`, `CertCache:set` and `CertCache["set"]`, if token `i` is `CertCache`. */
const memberAt = (tokens: readonly Token[], i: number): string | undefined => {
  const [base, operator, member] = tokens.slice(i, i + 3)
  const before = tokens[i - 1]?.text
  if (base?.kind !== 'name' || before === '.' || before === ':' || !member) return undefined
  if ((operator!.text === '.' || operator!.text === ':') && member.kind === 'name') return `${base.text}.${member.text}`
  const [, quoted] = /^["'](\w+)["']$/.exec(member.text) ?? []
  return operator!.text === '[' && quoted !== undefined ? `${base.text}.${quoted}` : undefined
}
