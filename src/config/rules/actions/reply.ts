/**
 * Replies that HAProxy makes: `return`, `deny`, `tarpit`, and `http-error` (`http_parse_http_reply`, src/http_htx.c; `parse_http_return`,
 * `parse_http_deny`, src/http_act.c).
 */
import type { StoredResponse } from '../../../http/index.js'
import { atoi } from '../../../bytes/integers.js'
import { fromByteString, toByteString } from '../../../bytes/text.js'
import { loadErrorPage } from '../../error-files.js'
import type { Action } from '../../model/rules.js'
import type { LogFormat } from '../../samples/log-format.js'
import type { HttpReply, ReplyBody } from '../../model/replies.js'
import { HTTP_ERRORS } from '../../sections/http-errors-draft.js'
import type { RuleReader } from '../rule-reader.js'
import type { ActionKeyword, RuleCheck } from './action.js'

/** Ends the stream with a reply; `tarpit` sends it after a while. */
export interface ReplyAction extends Action {
  readonly kind: 'return' | 'deny' | 'tarpit'
  readonly reply: HttpReply
}

/** Status codes that error files exist for (`http_err_codes`). */
export const ERROR_FILE_CODES: ReadonlySet<number> = new Set([
  200, 400, 401, 403, 404, 405, 407, 408, 410, 413, 414, 421, 422, 425, 429, 431, 500, 501, 502, 503, 504,
])

const BODIES: Readonly<Record<string, string>> = {
  errorfiles: '<name>',
  'default-errorfiles': '',
  errorfile: '<fmt>',
  file: '<file>',
  string: '<str>',
  'lf-file': '<file>',
  'lf-string': '<fmt>',
}

const IGNORED_FIELDS = /^(?:content-length|transfer-encoding|content-type)$/i

/** Reads the parameters of a reply up to the first word that is not one of them. */
export const readReply = (reader: RuleReader, defaultStatus: number, defaultBody?: 'default-errorfiles'): HttpReply =>
  new ReplyReader(reader, defaultStatus, defaultBody).read()

class ReplyReader {
  #contentType: string | undefined
  #body: { readonly keyword: string; readonly argument: string } | undefined
  readonly #fields: { readonly name: string; readonly value: LogFormat }[] = []

  constructor(
    readonly reader: RuleReader,
    private status: number,
    defaultBody: 'default-errorfiles' | undefined,
  ) {
    if (defaultBody !== undefined) this.#body = { keyword: defaultBody, argument: '' }
  }

  read(): HttpReply {
    const { reader } = this
    // the older name of `deny`
    if (reader.word === 'deny_status') this.#readStatus()
    while (this.#readParameter(reader.word));
    const body = this.#finishBody()
    return { status: this.status, contentType: this.#contentType, fields: this.#fields, body }
  }

  /** Reads a parameter; returns false at any other word. */
  #readParameter(keyword: string): boolean {
    const { reader } = this
    if (keyword === 'status') this.#readStatus()
    else if (keyword === 'content-type') this.#contentType = toByteString(this.#argument('<ctype>'))
    else if (keyword === 'hdr') this.#readField()
    else if (keyword in BODIES) {
      if (this.#body) reader.fail(`unexpected '${keyword}' argument, '${this.#body.keyword}' already defined`)
      const usage = BODIES[keyword]!
      if (usage === '') reader.next()
      this.#body = { keyword, argument: usage === '' ? '' : this.#argument(usage) }
    } else return false
    return true
  }

  #argument(usage: string): string {
    const keyword = this.reader.next().replace('deny_', '')
    const argument = this.reader.next()
    return argument === '' ? this.reader.fail(`'${keyword}' expects ${usage} as argument`) : argument
  }

  #readStatus(): void {
    this.status = atoi(this.#argument('<status_code>'))
    if (this.status < 200 || this.status > 599) this.reader.fail(`Unexpected status code '${this.status}'`)
  }

  #readField(): void {
    const { reader } = this
    reader.next()
    const [name, value] = [reader.next(), reader.next()]
    if (value === '') reader.fail("'hdr' expects <name> and <value> as arguments")
    if (IGNORED_FIELDS.test(name)) this.#warn(`header '${name}' always ignored by the http reply.`)
    else this.#fields.push({ name: toByteString(name), value: reader.logFormat(value, { http: true }) })
  }

  #warn(text: string): void {
    this.reader.context.warn(this.reader.line, text)
  }

  #finishBody(): ReplyBody {
    const { reader } = this
    const { keyword, argument } = this.#body ?? { keyword: '', argument: '' }
    switch (keyword) {
      case '':
        this.#dropContentType('because neither errorfile nor payload defined.')
        return { from: 'nothing' }
      case 'errorfile':
        return this.#finishErrorFile(argument)
      case 'errorfiles':
      case 'default-errorfiles':
        if (!ERROR_FILE_CODES.has(this.status))
          reader.fail(`status code '${this.status}' not handled by default with '${keyword}' argument.`)
        this.#dropFields()
        return keyword === 'errorfiles' ? { from: 'errorfiles', section: argument } : { from: 'default-errorfiles' }
      case 'file':
      case 'string':
        return this.#finishText(keyword === 'file' ? this.#readFile(argument) : toByteString(argument))
      default:
        return this.#finishFormat(keyword === 'lf-file' ? fromByteString(this.#readFile(argument)) : argument)
    }
  }

  #finishErrorFile(file: string): ReplyBody {
    const response = this.#readErrorFile(file)
    this.#dropFields()
    return { from: 'errorfile', response }
  }

  /** The response in a file; undefined if it is empty. */
  #readErrorFile(file: string): StoredResponse | undefined {
    // the status matters only where the file is the page of one
    const page = loadErrorPage(this.reader.context, this.reader.line, 503, file)
    return 'error' in page ? this.reader.fail(page.error) : page.response
  }

  /** The contents of a file, a byte string. */
  #readFile(name: string): string {
    const { reader } = this
    const { options, defaultPath, global } = reader.context
    const contents = options.readFile?.(defaultPath.locate(name))
    // a file that cannot be looked at is assumed to be empty
    if (contents === undefined) return ''
    if (contents === 'EISDIR') return reader.fail(`error reading file '${name}'`)
    if (typeof contents === 'string') return reader.fail(`error opening file '${name}'`)
    const { bufsize } = global
    if (contents.length > bufsize)
      reader.fail(`file '${name}' exceeds the buffer size (${contents.length} > ${bufsize})`)
    return Buffer.from(contents).toString('latin1')
  }

  #finishText(text: string): ReplyBody {
    const { reader, status } = this
    if ((status === 204 || status === 304) && text !== '') reader.fail(`No body expected for ${status} responses`)
    if (this.#contentType === undefined && text !== '')
      reader.fail('a content type must be defined when non-empty payload is configured')
    if (text === '') this.#dropContentType('when used with an empty payload.')
    const { bufsize, maxrewrite } = reader.context.global
    if (bufsize - text.length < maxrewrite)
      this.#warn(
        'http reply payload runs over the buffer space reserved to headers rewriting. It may lead to internal errors if ' +
          'strict rewriting mode is enabled.',
      )
    return { from: 'text', text }
  }

  #finishFormat(text: string): ReplyBody {
    const { reader, status } = this
    if (status === 204 || status === 304) reader.fail(`No body expected for ${status} responses`)
    if (this.#contentType === undefined) reader.fail('a content type must be defined with a log-format payload')
    return { from: 'format', format: reader.logFormat(text) }
  }

  #dropContentType(reason: string): void {
    if (this.#contentType === undefined) return
    this.#warn(`content-type '${this.#contentType}' ignored by the http reply ${reason}`)
    this.#contentType = undefined
  }

  #dropFields(): void {
    // HAProxy's own spelling
    this.#dropContentType('when used with an erorrfile.')
    if (this.#fields.length === 0) return
    this.#warn('hdr parameters ignored by the http reply when used with an erorrfile.')
    this.#fields.length = 0
  }
}

/** `http_check_http_reply` */
export const checkReply: RuleCheck = ({ action }, context, proxy, diagnostics) => {
  const { status, body } = (action as ReplyAction).reply
  if (body.from !== 'errorfiles') return undefined
  const section = context.drafts(HTTP_ERRORS).find(body.section)
  if (!section) return `unknown http-errors section '${body.section}' referenced by an http reply `
  if (!section.pages.has(status))
    diagnostics.add(
      'warning',
      `Proxy '${proxy.name}': status '${status}' referenced by an http reply not declared in http-errors section '${body.section}'.`,
      proxy.place,
    )
  return undefined
}

const returnReply: ActionKeyword = {
  names: ['return'],
  read: (reader): ReplyAction => {
    const reply = readReply(reader, 200)
    reader.isFinal = true
    return { kind: 'return', reply }
  },
  check: checkReply,
}

const DEFAULT_ERROR_FILE = { contentType: undefined, fields: [], body: { from: 'default-errorfiles' } } as const

const deny: ActionKeyword = {
  names: ['deny', 'tarpit'],
  read: (reader): ReplyAction => {
    const kind = reader.name as 'deny' | 'tarpit'
    reader.isFinal = true
    const status = reader.ruleSet !== 'http-request' ? 502 : kind === 'tarpit' ? 500 : 403
    if (reader.isEnd) return { kind, reply: { ...DEFAULT_ERROR_FILE, status } }
    const after = reader.line.at(reader.at + 2)
    const isPlain = reader.word === 'deny_status' && (after === '' || after === 'if' || after === 'unless')
    const reply = readReply(reader, status, isPlain ? 'default-errorfiles' : undefined)
    return { kind, reply }
  },
  check: checkReply,
}

export const REPLY_ACTIONS = [returnReply, deny]
