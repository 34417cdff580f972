/**
 * Syntax highlighting of Lua in istanbul's pages. They use Google's code prettifier with `lang-js`; this adds a definition of Lua to the
 * prettifier and selects it.
 */
import { readFileSync } from 'node:fs'

/** The interface through which istanbul's reporters write files. */
export interface FileWriter {
  writerForDir(directory: string): FileWriter
  copyFile(source: string, destination: string, header?: string): void
  writeFile(file: string | null): ContentWriter
}

interface ContentWriter {
  write(text: string): void
  println(line: string): void
  colorize(text: string, quality: string): string
  close(): void
}

const IN_JAVASCRIPT = '<pre class="prettyprint lang-js">'
const IN_LUA = '<pre class="prettyprint lang-lua">'

/** Lua 5.4 for the prettifier: strings, comments, long brackets, keywords, numbers. */
const LANGUAGE = String.raw`
PR.registerLangHandler(
  PR.createSimpleLexer(
    [
      [PR.PR_PLAIN, /^[\t\n\r \xA0]+/, null, '\t\n\r \xA0'],
      [PR.PR_STRING, /^(?:"(?:[^"\\]|\\[\s\S])*(?:"|$)|'(?:[^'\\]|\\[\s\S])*(?:'|$))/, null, '"\''],
    ],
    [
      [PR.PR_COMMENT, /^--(?:\[(=*)\[[\s\S]*?(?:\]\1\]|$)|[^\r\n]*)/],
      [PR.PR_STRING, /^\[(=*)\[[\s\S]*?(?:\]\1\]|$)/],
      [PR.PR_KEYWORD, /^(?:and|break|do|else|elseif|end|false|for|function|goto|if|in|local|nil|not|or|repeat|return|then|true|until|while)\b/],
      [PR.PR_LITERAL, /^(?:0[xX][\da-fA-F]*\.?[\da-fA-F]*(?:[pP][+-]?\d+)?|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/],
      [PR.PR_PLAIN, /^[A-Za-z_]\w*/],
      [PR.PR_PUNCTUATION, /^(?:\.+|[^\w\s"'])/],
    ],
  ),
  ['lua'],
)
`

/** Wraps a writer so that pages highlight Lua. */
export const luaPages = (writer: FileWriter): FileWriter => ({
  writerForDir: (directory) => luaPages(writer.writerForDir(directory)),
  copyFile: (source, destination, header = '') => {
    if (!/(^|\/)prettify\.js$/.test(destination)) return writer.copyFile(source, destination, header)
    const file = writer.writeFile(destination)
    file.write(header + readFileSync(source, 'utf8') + LANGUAGE)
    file.close()
  },
  writeFile: (name) => {
    const file = writer.writeFile(name)
    return {
      write: (text) => file.write(text.replace(IN_JAVASCRIPT, IN_LUA)),
      println: (line) => file.println(line),
      colorize: (text, quality) => file.colorize(text, quality),
      close: () => file.close(),
    }
  },
})
