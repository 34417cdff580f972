/**
 * Regular expressions of patterns. HAProxy takes PCRE2's; hapsim takes JavaScript's, which share all that is common in
 * configurations. A leading `(?i)`, `(?s)` or `(?m)` and POSIX classes are put into JavaScript's words; what JavaScript has
 * no words for is an error.
 */
const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e',
  lower: 'a-z',
  print: '\\x20-\\x7e',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t-\\r ',
  upper: 'A-Z',
  word: '\\w',
  xdigit: 'A-Fa-f0-9',
}

/** Compiles an expression, or says what is wrong with it. */
export const compileRegex = (
  text: string,
  ignoreCase: boolean,
): { readonly value: RegExp } | { readonly error: string } => {
  const inline = /^\(\?([ims]+)\)/.exec(text)
  const flags = new Set([...(inline?.[1] ?? ''), ...(ignoreCase ? ['i'] : [])])
  const source = text
    .slice(inline?.[0].length ?? 0)
    .replace(/\[:(\w+):\]/g, (whole, name: string) => POSIX_CLASSES[name] ?? whole)
    .replaceAll('\\A', '^')
    .replace(/\\[zZ]/g, '$')
  try {
    return { value: new RegExp(source, [...flags].join('')) }
  } catch (error) {
    const reason = (error as Error).message.replace(/^Invalid regular expression: /, '')
    return { error: `regex '${text}' is invalid (error=${reason}, erroffset=0)` }
  }
}
