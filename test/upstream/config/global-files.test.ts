/** Files that keywords of `global` name: what the real HAProxy reports of them, and of names of header fields. */
import { expect, test } from 'vitest'
import { parseConfig } from '../../support/parse-config.js'
import { describeUpstream } from '../support/upstream.js'
import { askHaproxy } from './compare.js'

const FILES: Readonly<Record<string, string>> = {
  good: 'content-type Content-Type\n# a comment\n\n  host \t Host \t\nx X\r\n',
  'without-end': 'a A\nb B',
  'one-name': 'content-type Content-Type\nhost\n',
  'another-name': 'a B\n',
  'three-names': 'a A b\n',
  'twice-in-another-case': 'a A\nA a\n',
  twice: 'a A\na A\n',
  parameters: '-----BEGIN DH PARAMETERS-----\nMAYCAQUCAQI=\n-----END DH PARAMETERS-----\n',
}

const LISTEN = 'listen l\n bind :1\n timeout client 1s\n timeout server 1s\n timeout connect 1s\n'

const LINES: readonly (readonly string[])[] = [
  ...[...Object.keys(FILES).filter((name) => name !== 'parameters'), 'nosuch', ''].map((name) => [
    `h1-case-adjust-file ${name}`,
  ]),
  ['h1-case-adjust-file a b'],
  ['h1-case-adjust a A', 'h1-case-adjust b B', 'h1-case-adjust B b', 'h1-case-adjust a A'],
  ['h1-case-adjust a A', 'h1-case-adjust-file twice'],
  ['h1-case-adjust-file nosuch', 'h1-case-adjust-file good'],
  ...['nosuch', 'good', ''].map((name) => [`issuers-chain-path ${name}`]),
  ...['nosuch', 'good', ''].map((name) => [`ssl-dh-param-file ${name}`]),
  ['stats-file nosuch'],
  ['httpclient.resolvers.id nosuch'],
  ['httpclient.resolvers.id nosuch', 'httpclient.resolvers.disabled on'],
]

/** HAProxy shows absolute names of some files. */
const relative = (message: string): string => message.replace(/'\/[^']*\//, "'").trimEnd()

describeUpstream('files of global', () => {
  test.each(LINES.map((lines) => [lines.join('; '), lines] as const))('%s', (_, lines) => {
    const text = `global\n${lines.map((each) => ` ${each}\n`).join('')}${LISTEN}`
    const { diagnostics } = parseConfig([{ name: 'x.cfg', text }], {
      checkOnly: true,
      readFile: (name) => (FILES[name] === undefined ? 'ENOENT' : Buffer.from(FILES[name])),
    })
    const ours = diagnostics.filter(({ fromHapsim, severity }) => fromHapsim !== true && severity !== 'diag')
    const real = askHaproxy(text, FILES)
    expect(ours.map((each) => relative(`${each.severity}: ${each.text}`))).toEqual(real.messages.map(relative))
  })
})
