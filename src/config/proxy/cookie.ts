/** `cookie`, `dynamic-cookie-key` and `persist` (src/cfgparse-listen.c). */
import type { Micros } from '../../engine/clock.js'
import { firstByte, toByteString } from '../../bytes/text.js'
import type { CookieConfig, CookieOption } from '../model/cookie.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import type { Line } from '../syntax/line.js'
import { isDurationError, parseDuration } from '../syntax/units.js'
import { warnWithout } from './capability.js'
import { hasBackend, proxyTypeName, type ProxyDraft } from './draft.js'

const OPTIONS: readonly string[] = [
  'rewrite',
  'indirect',
  'insert',
  'nocache',
  'postonly',
  'preserve',
  'prefix',
  'httponly',
  'secure',
  'dynamic',
] satisfies readonly CookieOption[]

const isOption = (word: string): word is CookieOption => OPTIONS.includes(word)

/** Reads `cookie NAME [OPTION …]`. */
export const readCookie = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  warnWithout(context, line, proxy, 'backend')
  const name = line.at(1)
  if (name === '') return context.alert(line, `'${line.at(0)}' expects <cookie_name> as argument.`)
  const cookie = new CookieReader(context, line, proxy)
  if (!cookie.readOptions()) return 'fatal'
  const result = cookie.checkModes()
  proxy.change({ cookie: { name: toByteString(name), ...cookie.settings } })
  const isDynamic = cookie.settings.options.has('dynamic')
  return result === 'ok' && isDynamic ? context.notEmulated(line, `'dynamic' of '${line.at(0)}'`, 'traffic') : result
}

class CookieReader {
  readonly #options = new Set<CookieOption>()
  #domain: string | undefined
  #attributes: string | undefined
  #maxIdle: Micros = 0
  #maxLife: Micros = 0

  constructor(
    readonly context: ParseContext,
    readonly line: Line,
    readonly proxy: ProxyDraft,
  ) {}

  get settings(): Omit<CookieConfig, 'name'> {
    return {
      options: this.#options,
      domain: this.#domain,
      maxIdle: this.#maxIdle,
      maxLife: this.#maxLife,
      attributes: this.#attributes,
    }
  }

  /** Reads all options; false if one is wrong, which has been reported. */
  readOptions(): boolean {
    const { line } = this
    for (let at = 2; line.at(at) !== ''; at++) {
      const option = line.at(at)
      if (isOption(option)) {
        if (option === 'dynamic') this.#warnAboutDynamic()
        this.#options.add(option)
        continue
      }
      const result = this.#readValue(option, line.at(++at))
      if (result !== 'ok') return false
    }
    return true
  }

  #warnAboutDynamic(): void {
    const { proxy } = this
    if (!hasBackend(proxy))
      this.context.warn(
        this.line,
        `'dynamic' ignored because ${proxyTypeName(proxy)} '${proxy.name}' has no backend capability.`,
      )
  }

  #readValue(option: string, value: string): LineResult {
    const { context, line } = this
    switch (option) {
      case 'domain':
        return value === '' ? this.#missing(option, '<domain>') : this.#readDomain(value)
      case 'maxidle':
        return value === '' ? this.#missing(option, '<idletime> in seconds') : this.#readTime(option, value)
      case 'maxlife':
        return value === '' ? this.#missing(option, '<lifetime> in seconds') : this.#readTime(option, value)
      case 'attr':
        return value === '' ? this.#missing(option, '<value>') : this.#readAttribute(value)
      default:
        return context.alert(
          line,
          `'${line.at(0)}' supports 'rewrite', 'insert', 'prefix', 'indirect', 'nocache', 'postonly', 'domain', 'maxidle', ` +
            "'dynamic', 'maxlife' and 'attr' options.",
        )
    }
  }

  #missing(option: string, what: string): LineResult {
    return this.context.alertWithoutSpace(this.line, `'${option}' expects ${what} as argument.`)
  }

  #readDomain(domain: string): LineResult {
    const { context, line } = this
    if (!domain.includes('.'))
      context.warnWithoutSpace(
        line,
        `domain '${domain}' contains no embedded dot, this configuration may not work properly (see RFC6265#5.2.3).`,
      )
    const bad = firstByte(/[^A-Za-z0-9_.:-][^]*/.exec(domain)?.[0] ?? '')
    if (bad !== undefined)
      return context.alertWithoutSpace(line, `character '${bad}' is not permitted in domain name '${domain}'.`)
    const text = toByteString(domain)
    this.#domain = this.#domain === undefined ? text : `${this.#domain}; domain=${text}`
    return 'ok'
  }

  #readTime(option: 'maxidle' | 'maxlife', text: string): LineResult {
    const { context, line } = this
    const parsed = parseDuration(text, 's')
    const what = `argument <${text}> to <${option}>`
    if (parsed === 'overflow')
      return context.alertWithoutSpace(line, `timer overflow in ${what}, maximum value is 2147483647 s (~68 years).`)
    if (parsed === 'underflow')
      return context.alertWithoutSpace(line, `timer underflow in ${what}, minimum non-null value is 1 s.`)
    if (isDurationError(parsed))
      return context.alertWithoutSpace(line, `unexpected character '${parsed.unexpected}' in argument to <${option}>.`)
    if (option === 'maxidle') this.#maxIdle = parsed.value
    else this.#maxLife = parsed.value
    return 'ok'
  }

  #readAttribute(value: string): LineResult {
    const text = toByteString(value)
    const bad = [...text].find((char) => char < ' ' || char === '\x7f' || char === ';')
    if (bad !== undefined) {
      const code = bad.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')
      return this.context.alertWithoutSpace(this.line, `character '%x${code}' is not permitted in attribute value.`)
    }
    this.#attributes = this.#attributes === undefined ? text : `${this.#attributes}; ${text}`
    return 'ok'
  }

  /** Reports modes that exclude each other. */
  checkModes(): LineResult {
    const { context, line } = this
    const has = (option: CookieOption): boolean => this.#options.has(option)
    let result: LineResult = 'ok'
    if (has('rewrite') && has('indirect'))
      result = context.alert(line, "cookie 'rewrite' and 'indirect' modes are incompatible.")
    if ([has('rewrite'), has('insert'), has('prefix')].filter(Boolean).length > 1)
      result = context.alert(line, "cookie 'rewrite', 'insert' and 'prefix' modes are incompatible.")
    if (has('preserve') && !has('insert') && !has('indirect'))
      result = context.alert(line, "cookie 'preserve' requires at least 'insert' or 'indirect'.")
    return result
  }
}

/** Reads `persist rdp-cookie[(NAME)]`. */
export const readPersist = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  const method = line.at(1)
  if (method === '') return context.alert(line, 'missing persist method.')
  if (!method.startsWith('rdp-cookie')) return context.alert(line, 'unknown persist method.')
  const rest = method.slice('rdp-cookie'.length)
  let name = 'msts'
  if (rest !== '') {
    if (rest.startsWith('(') && context.tooManyWords(line, 1)) return 'fatal'
    name = /^\(([^)]+)\)/.exec(rest)?.[1] ?? ''
    if (name === '') return context.alert(line, "persist rdp-cookie(name)' requires an rdp cookie name.")
  }
  proxy.change({ rdpCookie: toByteString(name) })
  return context.notEmulated(line, `'${line.at(0)}'`, 'traffic')
}
