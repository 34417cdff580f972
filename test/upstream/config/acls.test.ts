/** What hapsim says of ACLs and of conditions, valid and invalid, is what `haproxy -c` says. */
import { expect, it } from 'vitest'
import { encodeText } from '../../../src/bytes/text.js'
import { describeUpstream } from '../support/upstream.js'
import { ACL_LINES, CONDITIONS, GROUP_LINES, PATTERN_FILES } from './acl-lines.js'
import { askHaproxy, askHapsim } from './compare.js'

/** HAProxy stops after 50 errors. */
const BATCH = 45

const readFile = (path: string): Uint8Array | 'ENOENT' => {
  const content = PATTERN_FILES[path]
  return content === undefined ? 'ENOENT' : encodeText(content)
}

const compare = (before: readonly string[], lines: readonly string[], after: readonly string[] = []): void => {
  const section = (name: string) => [name, '  timeout client 1s', '  timeout server 1s', '  timeout connect 1s']
  const text = `${[...section('defaults'), '  mode http', 'backend b', ...section('frontend f'), '  bind unix@s', ...before, ...lines, ...after].join('\n')}\n`
  const own = askHapsim(text, { readFile })
  const real = askHaproxy(text, PATTERN_FILES)
  const named = (all: readonly string[]): string[] =>
    all.map((message) => message.replace(/x\.cfg:(\d+)/, (_, line: string) => `${text.split('\n')[Number(line) - 1]}`))
  expect(named(own.messages)).toEqual(named(real.messages))
}

const batches = (lines: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(lines.length / BATCH) }, (_, i) => lines.slice(i * BATCH, (i + 1) * BATCH))

describeUpstream('messages about', () => {
  it.each([...batches(ACL_LINES).entries()])('ACLs, batch %i', (_, lines) => {
    compare(
      [],
      lines.map((line) => `  acl ${line}`),
    )
  })

  it.each([...batches(CONDITIONS).entries()])('conditions, batch %i', (_, lines) => {
    compare(
      ['  acl a path /', '  acl or_else path /', '  acl both src 1.2.3.4'],
      lines.map((line) => `  use_backend b ${line}`),
    )
  })

  it('groups of user lists', () => {
    compare([], GROUP_LINES, ['userlist u', '  group g1', '  user x insecure-password y groups g1'])
  })
})
