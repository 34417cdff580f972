/** Misspelt keywords get the suggestions of the real HAProxy, which depend on the order in which it compares its keywords. */
import { afterAll, expect, it } from 'vitest'
import { Random } from '../../../src/engine/index.js'
import {
  SUGGESTED_BIND,
  SUGGESTED_GLOBAL,
  SUGGESTED_OPTIONS,
  SUGGESTED_PROXY,
  SUGGESTED_SERVER,
} from '../../../src/config/known/suggestions.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { describeUpstream } from '../support/upstream.js'
import { checkOurs, checkReal } from './check.js'

/** HAProxy gives up at the 20th error of a file. */
const LINES_PER_FILE = 18

const MISSPELLINGS = 180

const TIMEOUTS = 'timeout client 1s\n timeout server 1s\n timeout connect 1s\n'

/** By kind: the known words, and the text around lines with unknown ones. */
const KINDS: Record<string, { known: readonly string[]; before: string; line: (word: string) => string }> = {
  global: { known: SUGGESTED_GLOBAL, before: 'global\n', line: (word) => word },
  proxy: { known: SUGGESTED_PROXY, before: `listen l\n ${TIMEOUTS}`, line: (word) => word },
  option: { known: SUGGESTED_OPTIONS, before: `listen l\n ${TIMEOUTS}`, line: (word) => `option ${word}` },
  bind: { known: SUGGESTED_BIND, before: `listen l\n ${TIMEOUTS}`, line: (word) => `bind :8000 ${word}` },
  'log-forward': { known: SUGGESTED_BIND, before: 'log-forward l\n', line: (word) => `bind :8000 ${word}` },
  'stats socket': { known: SUGGESTED_BIND, before: 'global\n', line: (word) => `stats socket :8000 ${word}` },
  server: { known: SUGGESTED_SERVER, before: `listen l\n ${TIMEOUTS}`, line: (word) => `server s 127.0.0.1:1 ${word}` },
}

/** Unknown words, each made of parts of one or two known ones. */
const misspellings = (known: readonly string[], count: number): string[] => {
  const random = new Random(16)
  const pick = (): string => known[random.integer(0, known.length - 1)]!
  const made = new Set<string>()
  while (made.size < count) {
    const [first, second] = [pick(), pick()]
    const cut = random.integer(0, first.length)
    const word = first.slice(0, cut) + second.slice(random.integer(0, second.length))
    if (/^[a-z][\w.-]*$/.test(word) && !known.includes(word) && !NOT_PLAIN.test(word)) made.add(word)
  }
  return [...made]
}

/** Words with a meaning or a message that no list contains. */
const NOT_PLAIN = /^(no|default|end|if|else)$|^(set-proxy-v2-tlv-fmt|req|rsp|http-check|stats|tcp-check|http)/

describeUpstream('suggestions for misspelt keywords', () => {
  const startDirectory = process.cwd()
  afterAll(() => process.chdir(startDirectory))

  it.each(Object.keys(KINDS))('are those of the real HAProxy: %s', async (kind) => {
    const { known, before, line } = KINDS[kind]!
    const words = misspellings(known, MISSPELLINGS)
    const settings = { root: temporaryFolder('suggestions'), file: 'x.cfg', descriptor: 0 }
    for (let from = 0; from < words.length; from += LINES_PER_FILE) {
      const lines = words.slice(from, from + LINES_PER_FILE).map((word) => ` ${line(word)}\n`)
      const each = { name: kind, folder: '.', flags: [], text: before + lines.join('') }
      expect(checkOurs(each, settings)).toEqual(await checkReal(each, settings))
    }
  })
})
