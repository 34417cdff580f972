/** Reads the configuration file of a SPOE engine: sections that may belong to a scope (`parse_spoe_flt`, src/flt_spoe.c). */
import { strerror } from '../../../bytes/errno.js'
import { EMULATED } from '../../emulated.js'
import { FileReader, type Pass } from '../../file-reader.js'
import type { LineResult, ParseContext } from '../../parse-context.js'
import type { ProxyDraft } from '../../proxy/draft.js'
import { emitMessage } from '../../syntax/directives.js'
import type { Line } from '../../syntax/line.js'
import { readAgent } from './agent.js'
import { SpoeFileDraft } from './draft.js'
import { readGroup, readMessage } from './messages.js'

type SectionReader = (context: ParseContext, line: Line, file: SpoeFileDraft, proxy: ProxyDraft) => LineResult

const SECTIONS: ReadonlyMap<string, SectionReader> = new Map<string, SectionReader>([
  ['spoe-agent', readAgent],
  ['spoe-message', readMessage],
  ['spoe-group', readGroup],
])

/** Reads the sections of one scope; all others are ignored. */
class SpoePass implements Pass {
  readonly diagnostics
  readonly warnsOfEmptyWords = false
  readonly file = new SpoeFileDraft()
  section = ''
  #scope: string | undefined
  #read: SectionReader | undefined

  constructor(
    readonly context: ParseContext,
    readonly proxy: ProxyDraft,
    /** the scope of the sections to read; undefined: they have none */
    readonly engine: string | undefined,
  ) {
    this.diagnostics = context.main
  }

  ignores(): boolean {
    return false
  }

  directive(line: Line): LineResult | 'stop' {
    return emitMessage(this.context, line)
  }

  scope(name: string): void {
    this.#scope = name
  }

  keyword(line: Line): LineResult {
    const { context } = this
    const started = SECTIONS.get(line.at(0))
    if (started) {
      this.#read = started
      this.section = line.at(1) || line.at(0)
    }
    if (!this.#read) return context.alertWithoutSpace(line, `unknown keyword '${line.at(0)}' out of section.`)
    if (this.#scope !== this.engine) return 'ok'
    const { line: outer } = context
    context.line = line
    const result = this.#read(context, line, this.file, this.proxy)
    context.line = outer
    return result
  }

  end(): LineResult {
    return 'ok'
  }
}

/**
 * Reads the sections of an engine.
 * @returns undefined if files cannot be looked at; otherwise what the file describes, or what is wrong with it in HAProxy's words
 */
export const readSpoeFile = (
  context: ParseContext,
  line: Line,
  proxy: ProxyDraft,
  engine: string | undefined,
  path: string,
): SpoeFileDraft | { readonly error: string } | undefined => {
  const content = context.options.readFile?.(context.defaultPath.locate(path))
  if (content === undefined) return undefined
  if (typeof content === 'string' && content !== 'EISDIR') {
    const problem = content === 'EACCES' ? 'Could not open' : 'stat() failed for'
    context.main.add('alert', `config : ${problem} configuration file ${path} : ${strerror(content)}`, line.place)
    return { error: "error encountered while processing 'spoe'" }
  }
  const text = typeof content === 'string' ? '' : Buffer.from(content).toString('latin1')
  const { version } = context.options
  const pass = new SpoePass(context, proxy, engine)
  const conditions = { env: context.env, version, features: EMULATED.features, sslLibrary: EMULATED.sslLibrary }
  const result = new FileReader(path, text, conditions, pass).run()
  return result === 'ok' ? pass.file : { error: `Error(s) found in configuration file ${path}` }
}
