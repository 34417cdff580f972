/**
 * Parses files line by line (parse_cfg in src/cfgparse.c), in two passes: the discovery pass evaluates conditions and processes
 * the keywords that affect startup and the environment; if it finds no errors, the main pass parses everything.
 */
import { toByteString } from '../bytes/text.js'
import { FileReader, type Pass } from './file-reader.js'
import type { ConditionContext } from './syntax/condition.js'
import type { Diagnostics } from './syntax/diagnostics.js'
import { emitMessage } from './syntax/directives.js'
import { isPlain, MAX_LINE_ARGS } from './syntax/lexer.js'
import type { Line } from './syntax/line.js'
import type { LineResult, ParseContext } from './parse-context.js'
import type { Section } from './section.js'
import { SECTION_TABLE } from './sections.js'

/** Runs the discovery pass over a file. */
export const discoverFile = (
  context: ParseContext,
  name: string,
  text: string,
  conditionContext: ConditionContext,
): LineResult => new FileReader(name, toByteString(text), conditionContext, new DiscoveryPass(context)).run()

/** Runs the main pass over a file. */
export const readFile = (
  context: ParseContext,
  name: string,
  text: string,
  conditionContext: ConditionContext,
): LineResult => {
  enterDirectory(context, name)
  return new FileReader(name, toByteString(text), conditionContext, new MainPass(context)).run()
}

/** Applies `default-path` to the file. If the directory does not exist, the working directory is used. */
const enterDirectory = (context: ParseContext, file: string): void => {
  const problem = context.defaultPath.enter(file)
  if (problem !== undefined) context.main.add('alert', `config : parsing ${file} : ${problem}`)
  context.options.certificates?.setBaseDirectory?.(context.defaultPath.directory)
}

/** The more severe of two results. */
const worse = (one: LineResult, other: LineResult): LineResult => (one === 'abort' || other === 'ok' ? one : other)

class DiscoveryPass implements Pass {
  readonly diagnostics: Diagnostics
  readonly warnsOfEmptyWords = true
  section = ''
  private current: Section | undefined

  constructor(private readonly context: ParseContext) {
    this.diagnostics = context.early
  }

  /** A fast path for most lines of sections that this pass ignores: short, not the start of a section, and without special characters. */
  ignores(text: string): boolean {
    if (this.current?.discover || text.length > 2 * MAX_LINE_ARGS || !isPlain(text)) return false
    const [word] = /^[^ \t\v\f]+/.exec(text)!
    return !word.startsWith('.') && word !== 'no' && word !== 'default' && !SECTION_TABLE.has(word)
  }

  directive(): LineResult {
    return 'ok'
  }

  keyword(line: Line): LineResult {
    const keyword = line.at(0)
    const started = SECTION_TABLE.get(keyword)
    if (started) {
      this.current = started
      this.section = line.at(1) || keyword
    }
    return this.current?.discover?.(this.context, line) ?? 'ok'
  }

  end(): LineResult {
    return 'ok'
  }
}

class MainPass implements Pass {
  readonly diagnostics: Diagnostics
  readonly warnsOfEmptyWords = false
  private current: Section | undefined

  constructor(private readonly context: ParseContext) {
    this.diagnostics = context.main
    context.section = ''
  }

  get section(): string {
    return this.context.section
  }

  ignores(): boolean {
    return false
  }

  directive(line: Line): LineResult | 'stop' {
    return emitMessage(this.context, line)
  }

  keyword(line: Line): LineResult {
    const { context } = this
    const keyword = line.at(0)
    context.line = line
    const started = SECTION_TABLE.get(keyword)
    let ended: LineResult = 'ok'
    if (started) {
      ended = this.end()
      if (ended === 'abort') return ended
      this.current = started
      context.sectionKeyword = keyword
      context.section = line.at(1) || keyword
      if (keyword !== 'global') context.pastGlobal = true
    }
    if (!this.current) return context.alertWithoutSpace(line, `unknown keyword '${keyword}' out of section.`)
    return worse(ended, this.current.read(context, line))
  }

  end(): LineResult {
    return this.current?.end?.(this.context) ?? 'ok'
  }
}
