/** The same ACLs and conditions as `realAcls` evaluates, evaluated by ours. */
import { toByteString } from '../../../src/bytes/text.js'
import type { Acl } from '../../../src/config/model/acl.js'
import type { ParseContext } from '../../../src/config/parse-context.js'
import { ProxyDraft } from '../../../src/config/proxy/draft.js'
import { parseAcl } from '../../../src/config/rules/acl.js'
import { parseCondition } from '../../../src/config/rules/condition.js'
import { lexLine } from '../../../src/config/syntax/lexer.js'
import { processContext } from '../../../src/haproxy/samples/context.js'
import { evaluateCondition } from '../../../src/haproxy/samples/expression.js'
import { loadPatterns, OUR_PROCESS, parseContext } from './our-samples.js'

const PLACE = { file: 'x.cfg', line: 1 }

const wordsOf = (text: string): string[] => lexLine(toByteString(text), () => undefined).words

export class OurAcls {
  readonly #context: ParseContext
  readonly #proxy = new ProxyDraft('web', 'frontend', PLACE)

  constructor(readonly files: Readonly<Record<string, string>>) {
    this.#context = parseContext(files)
    this.#context.currentProxy = this.#proxy
  }

  /** Adds an ACL. Returns what is wrong with it. */
  add(name: string, text: string): string | undefined {
    const parsed = parseAcl(this.#context, [name, ...wordsOf(text)], PLACE, this.#proxy.acls)
    return 'error' in parsed ? parsed.error : undefined
  }

  /** `1` or `0` for each ACL, then for each condition. */
  evaluate(acls: readonly string[], conditions: readonly string[]): string {
    const all = [
      ...acls.map((name) => ({
        polarity: 'if' as const,
        place: PLACE,
        suites: [[{ acl: this.#find(name), negated: false }]],
      })),
      ...conditions.map((condition) => {
        const line = { words: wordsOf(condition), place: PLACE }
        const parsed = parseCondition(this.#context, line, 0, this.#proxy.acls)
        if ('error' in parsed) throw new Error(`${condition}: ${parsed.error}`)
        return parsed.condition
      }),
    ]
    const patterns = loadPatterns(this.#context, this.files)
    const context = processContext({ ...OUR_PROCESS, patterns }, 'CFG')
    return all.map((condition) => (evaluateCondition(condition, context) === 'pass' ? '1' : '0')).join('')
  }

  has(name: string): boolean {
    return this.#proxy.acls.find(name) !== undefined
  }

  #find(name: string): Acl {
    return this.#proxy.acls.find(name)!
  }
}
