/** What hapsim says of a configuration is what the real `haproxy -c` says, word for word and in the same order. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../support/parse-config.js'
import { CASES } from './cases/index.js'
import { RESOLVERS_CASES } from './resolvers-cases.js'
import { askHaproxy, upstreamIsThere } from './compare.js'

/** As this machine has it, for both. */
const resolvConf = () => (existsSync('/etc/resolv.conf') ? readFileSync('/etc/resolv.conf', 'utf8') : undefined)

if (!upstreamIsThere) console.warn('SKIPPED: no real HAProxy here, configurations are not compared with it')

describe.skipIf(!upstreamIsThere)('messages are those of the real HAProxy', () => {
  test.for([...CASES, ...RESOLVERS_CASES].map((each) => [each.name, each] as const))(
    '%s',
    ([, { text, onlyHaproxy = [], onlyHapsim = [] }]) => {
      const real = askHaproxy(text)
      const own = parseConfig([{ name: 'x.cfg', text }], { resolvConf, checkOnly: true })
      const messages = own.diagnostics
        .filter((each) => !each.fromHapsim && each.severity !== 'notice' && each.severity !== 'diag')
        .map((each) => `${each.severity}: ${each.text}`.trimEnd())
      expect(real.messages).toEqual(expect.arrayContaining([...onlyHaproxy]))
      expect(messages.filter((each) => !onlyHapsim.includes(each))).toEqual(
        real.messages.filter((each) => !onlyHaproxy.includes(each)),
      )
      if (onlyHaproxy.length === 0) expect(own.failed).toBe(real.failed)
    },
  )
})
