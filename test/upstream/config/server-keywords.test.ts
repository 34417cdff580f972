/** The declarations of server keywords, compared with what the real HAProxy registers and accepts. */
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { SERVER_KEYWORDS } from '../../../src/config/server/keywords/index.js'
import { describeUpstream, upstream } from '../support/upstream.js'
import { askHaproxy } from './compare.js'

/** The keywords in `haproxy -dKsrv` with their numbers of arguments: `weight +1`. */
const registered = (): string[] => {
  const { stdout } = spawnSync(upstream('haproxy'), ['-dKall', '-q', '-c', '-f', '/dev/null'], { encoding: 'utf8' })
  return Array.from(stdout.matchAll(/^\tserver <name> <addr> (.+)$/gm), ([, keyword]) => keyword!)
}

/** These parse an argument that their registration does not count. */
const UNCOUNTED: ReadonlySet<string> = new Set(['set-proxy-v2-tlv-fmt'])

describeUpstream('server keywords', () => {
  test('names and numbers of arguments are those that HAProxy registers', () => {
    const declared = Array.from(SERVER_KEYWORDS.values(), ({ name, arguments: count = 0 }) => {
      if (count === 0 || UNCOUNTED.has(name)) return name
      return `${name} +${typeof count === 'number' ? count : -1}`
    })
    expect(declared).toEqual(registered())
  })

  test('default-server rejects the same keywords', () => {
    const backends = Array.from(SERVER_KEYWORDS.keys(), (name) => `backend ${name}\n  default-server ${name} 1\n`)
    const { messages } = askHaproxy(`defaults\n  timeout connect 1s\n${backends.join('')}`)
    const rejected = messages.flatMap(
      (text) => /'(\S+)' option is not accepted in default-server/.exec(text)?.[1] ?? [],
    )
    const declared = [...SERVER_KEYWORDS.values()].filter(({ inDefaultServer }) => inDefaultServer === false)
    expect(declared.map(({ name }) => name)).toEqual(rejected)
  })
})
