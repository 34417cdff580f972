/** The real HAProxy says the same of the arguments of each keyword of `global`, whether hapsim emulates the keyword or not. */
import { expect, test } from 'vitest'
import { BUILTIN_GLOBAL } from '../../../src/config/known/builtin.js'
import { REGISTERED_GLOBAL } from '../../../src/config/known/registered.js'
import { accounts } from '../../../src/net/node/index.js'
import { parseConfig } from '../../support/parse-config.js'
import { describeUpstream } from '../support/upstream.js'
import { askHaproxy } from './compare.js'

const ARGUMENTS = ['', 'x', '1', '-1', '0', '2 x', '99999999999', 'x y', '1 2 3', 'on', 'off', '10x', '1k', '5s', '1.5']

/** Arguments with which HAProxy refuses something else than the line: files (see global-files.test.ts), sections, its own texts of error pages. */
const NOT_COMPARED: Readonly<Record<string, readonly string[] | undefined>> = {
  'h1-case-adjust-file': ARGUMENTS,
  'httpclient.resolvers.id': ARGUMENTS,
  'httpclient.ssl.ca-file': ARGUMENTS,
  'issuers-chain-path': ARGUMENTS,
  'lua-load': ARGUMENTS,
  'lua-load-per-thread': ARGUMENTS,
  quiet: ARGUMENTS,
  'ssl-dh-param-file': ARGUMENTS,
  'ssl-propquery': ['x', 'x y', 'on', 'off'],
  'stats-file': ARGUMENTS,
  'thread-group': ['1 2 3'],
  'tune.http.maxhdr': ['1', '1k', '1.5'],
  'tune.renice.startup': ['-1'],
}

/** Section keywords and others that are compared elsewhere. */
const ELSEWHERE = new Set(['global', 'defaults', 'listen', 'frontend', 'backend', 'peers', 'resolvers'])

const KEYWORDS = [...new Set([...REGISTERED_GLOBAL, ...BUILTIN_GLOBAL])].filter((each) => !ELSEWHERE.has(each))

describeUpstream('arguments of keywords of global', () => {
  test.for(KEYWORDS)('%s', (keyword) => {
    const lines = ARGUMENTS.filter((each) => NOT_COMPARED[keyword]?.includes(each) !== true)
    for (const allowed of ['', ' expose-experimental-directives\n']) {
      const text = `global\n${allowed}${lines.map((each) => ` ${keyword} ${each}\n`).join('')}`
      const own = parseConfig([{ name: 'x.cfg', text }], { accounts })
      const messages = own.diagnostics
        .filter((each) => !each.fromHapsim && each.severity !== 'notice' && each.severity !== 'diag')
        .map((each) => `${each.severity}: ${each.text}`.trimEnd())
      expect(messages).toEqual(askHaproxy(text).messages)
    }
  })
})
