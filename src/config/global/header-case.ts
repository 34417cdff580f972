/** `h1-case-adjust` and `h1-case-adjust-file`: how names of header fields are written in HTTP/1 (src/mux_h1.c). */
import { fromByteString, toByteString } from '../../bytes/text.js'
import { equalsIgnoringCase } from '../../http/characters.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import type { SectionCheck } from '../section.js'
import type { Line } from '../syntax/line.js'

type Keyword = (context: ParseContext, line: Line) => LineResult

/** Adds an entry of byte strings; returns why it is invalid (`add_hdr_case_adjust`). */
const addEntry = (cases: Map<string, string>, from: string, to: string): string | undefined => {
  if (to === '') return 'expect <to>'
  if (!equalsIgnoringCase(from, to)) return '<from> and <to> must not differ except the case'
  if (cases.has(from)) return `duplicate entry '${fromByteString(from)}'`
  cases.set(from, to)
  return undefined
}

const caseAdjust: Keyword = (context, line) => {
  if (context.tooManyWords(line, 2)) return 'fatal'
  const [name, from, to] = [line.at(0), line.at(1), line.at(2)]
  if (from === '' || to === '') return context.alert(line, `'${name}' expects <from> and <to> as argument.`)
  const problem = addEntry(context.global.headerCases, toByteString(from), toByteString(to))
  return problem === undefined ? 'ok' : context.alert(line, problem)
}

const caseAdjustFile: Keyword = (context, line) => {
  if (context.tooManyWords(line, 1)) return 'fatal'
  const file = line.at(1)
  if (file === '') return context.alert(line, `'${line.at(0)}' expects <file> as argument.`)
  context.global.headerCaseFile = { path: context.defaultPath.locate(file), name: context.defaultPath.absolute(file) }
  return 'ok'
}

/** Keywords of `global`. */
export const HEADER_CASE_KEYWORDS: readonly (readonly [string, Keyword])[] = [
  ['h1-case-adjust', caseAdjust],
  ['h1-case-adjust-file', caseAdjustFile],
]

/** Two names with blanks between them and around; lines that begin with `#` are comments. */
const ENTRY = /^[ \t]*([^ \t\r\n#][^ \t\r\n]*)[ \t]*([^\r\n]*)/

/** Reads the file that was named last, once the configuration is read; a file that cannot be looked at is assumed to be valid. */
export const loadHeaderCases: SectionCheck = ({ global, options }, diagnostics) => {
  const { headerCaseFile: file, headerCases } = global
  if (file === undefined) return
  const content = options.readFile?.(file.path)
  if (content === undefined) return
  const title = `h1-headers-case-adjust-file '${file.name}'`
  if (typeof content === 'string' && content !== 'EISDIR') {
    diagnostics.add('alert', `${title}: failed to open file.`)
    return
  }
  const text = typeof content === 'string' ? '' : Buffer.from(content).toString('latin1')
  for (const [index, line] of text.split('\n').entries()) {
    const [, from, to = ''] = ENTRY.exec(line) ?? []
    if (from === undefined) continue
    const problem = addEntry(headerCases, from, to.replace(/[ \t]+$/, ''))
    if (problem === undefined) continue
    diagnostics.add('alert', `${title} : ${problem} at line ${index + 1}.`)
    return
  }
}
