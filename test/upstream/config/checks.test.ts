/** What hapsim says of the configuration of checks is what the real `haproxy -c` says. */
import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../support/parse-config.js'
import { CHECK_CASES } from './check-cases.js'
import { askHaproxy, upstreamIsThere } from './compare.js'

if (!upstreamIsThere) console.warn('SKIPPED: no real HAProxy here, configurations of checks are not compared with it')

describe.skipIf(!upstreamIsThere)('messages about checks are those of the real HAProxy', () => {
  test.for(CHECK_CASES.map((each) => [each.name, each] as const))('%s', ([, { text }]) => {
    const real = askHaproxy(text)
    const own = parseConfig([{ name: 'x.cfg', text }])
    const messages = own.diagnostics
      .filter((each) => !each.fromHapsim && each.severity !== 'notice' && each.severity !== 'diag')
      .map((each) => `${each.severity}: ${each.text}`.trimEnd())
    expect(messages).toEqual(real.messages)
    expect(own.failed).toBe(real.failed)
  })
})
