/** Command lines taken apart: `;` between commands, words, backslashes, payloads (`cli_parse_request` in src/cli.c). */

export interface ParsedCommand {
  readonly words: readonly string[]
  readonly payload: string | undefined
}

/** The most words that a command line may have. */
export const MAX_ARGUMENTS = 64

/** A payload begins behind this, with an optional word that ends it. */
const PAYLOAD = /(?:^|[ \t])<<(\S{0,64})$/

/**
 * The commands of what was sent: a first line, and the lines of a payload after it when that line ends in `<<`. A payload
 * lasts until an empty line, or the line that was named.
 */
export const parseCommands = (text: string): readonly ParsedCommand[] => {
  const lines = text.split('\n')
  const parts = splitCommands(lines[0]!.replace(/\r$/, ''))
  return parts.map((part, index) => {
    const mark = index === parts.length - 1 ? PAYLOAD.exec(part) : null
    if (!mark) return { words: splitWords(part), payload: undefined }
    const end = lines.indexOf(mark[1]!, 1)
    const payload = lines.slice(1, end < 0 ? lines.length : end)
    return { words: splitWords(part.slice(0, mark.index)), payload: payload.map((line) => `${line}\n`).join('') }
  })
}

/** Cuts at each `;` that has no backslash before it. */
const splitCommands = (line: string): readonly string[] => {
  const parts = ['']
  for (const [piece] of line.matchAll(/\\[^]?|;|[^\\;]+/g))
    if (piece === ';') parts.push('')
    else parts[parts.length - 1] += piece
  return parts
}

const splitWords = (command: string): readonly string[] =>
  (command.match(/(?:\\[^]?|[^ \t\\])+/g) ?? []).map((word) => word.replace(/\\(\\?)/g, '$1'))
