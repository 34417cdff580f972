/** Parses command lines: `;` between commands, arguments, backslashes, payloads (`cli_parse_request` in src/cli.c). */

export interface ParsedCommand {
  readonly words: readonly string[]
  readonly payload: string | undefined
}

export interface ParsedLine {
  readonly commands: readonly ParsedCommand[]
  /** the line that ends the payload; undefined if no payload follows */
  readonly terminator: string | undefined
}

/** The maximum number of arguments of a command. */
export const MAX_ARGUMENTS = 64

/** Announces a payload, with an optional terminator of at most 7 characters (`payload_pat`). */
const PAYLOAD = /(?:^|[ \t])<<([^ \t]{0,7})$/

/** The commands of a line. A carriage return at its end is an empty command. */
export const splitLine = (line: string): ParsedLine => {
  const parts = splitCommands(line.replace(/\r$/, ';'))
  const mark = PAYLOAD.exec(parts.at(-1)!)
  if (mark) parts[parts.length - 1] = parts.at(-1)!.slice(0, mark.index)
  return {
    commands: parts.map((part) => ({ words: splitWords(part), payload: undefined })),
    terminator: mark?.[1],
  }
}

/** Splits at each `;` without a backslash before it. */
const splitCommands = (line: string): string[] => {
  const parts = ['']
  for (const [piece] of line.matchAll(/\\[^]?|;|[^\\;]+/g))
    if (piece === ';') parts.push('')
    else parts[parts.length - 1] += piece
  return parts
}

const splitWords = (command: string): readonly string[] =>
  (command.match(/(?:\\[^]?|[^ \t\\])+/g) ?? []).map((word) => word.replace(/\\(\\?)/g, '$1'))
