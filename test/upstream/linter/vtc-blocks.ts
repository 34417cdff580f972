/**
 * The configurations in varnishtest's scripts: arguments of `-conf`, `-conf-OK` and `-conf-BAD` of the command `haproxy`. A command ends
 * with its line; an argument is a word, a `"string"` or a `{block}`, in which braces are balanced.
 */

/** A configuration for an instance of HAProxy. */
export interface ConfigurationBlock {
  /** the name of the instance */
  readonly instance: string
  /** flags for HAProxy's command line */
  readonly flags: readonly string[]
  readonly text: string
}

/** Returns the configurations of a script in their order, with varnishtest's macros expanded. */
export const configurationBlocks = (script: string): ConfigurationBlock[] =>
  commands(script)
    .filter(([name]) => name === 'haproxy')
    .flatMap(([, instance, ...options]) => readOptions(instance!, options))

const readOptions = (instance: string, options: readonly string[]): ConfigurationBlock[] => {
  const flags: string[] = []
  let text: string | undefined
  for (let at = 0; at < options.length; at++) {
    const option = options[at]!
    if (option === '-arg') flags.push(...options[++at]!.trim().split(/\s+/))
    else if (option === '-W') flags.push('-W')
    else if (option === '-conf' || option === '-conf-OK') text = options[++at]
    else if (option === '-conf-BAD') text = options[(at += 2)]
  }
  return text === undefined ? [] : [{ instance, flags, text: expandMacros(text) }]
}

const TOKEN = /[^\S\n]+|#[^\n]*|\\\n|\n|"((?:[^"\\]|\\.)*)"|[^\s{"][^\s]*|\{/y

/** Splits a script into commands, each a list of arguments. */
const commands = (script: string): string[][] => {
  const all: string[][] = [[]]
  let at = 0
  while (at < script.length) {
    TOKEN.lastIndex = at
    const match = TOKEN.exec(script)
    if (match === null) throw new Error(`cannot read: ${script.slice(at, at + 40)}`)
    const [token, quoted] = match
    at += token.length
    if (token === '\n') all.push([])
    else if (token === '{') {
      const end = endOfBlock(script, at)
      all.at(-1)!.push(script.slice(at, end - 1))
      at = end
    } else if (!/^(?:[^\S\n]|#|\\\n)/.test(token)) all.at(-1)!.push(quoted ?? token)
  }
  return all
}

/** The position after the brace that closes the block starting at `at`. */
const endOfBlock = (script: string, at: number): number => {
  let depth = 1
  for (let next = at; next < script.length; next++) {
    if (script[next] === '{') depth++
    else if (script[next] === '}' && --depth === 0) return next + 1
  }
  throw new Error('unbalanced braces')
}

/** Gives macros of varnishtest fixed values. Other variables remain for HAProxy. Files of the test are in the current directory. */
const expandMacros = (text: string): string =>
  text.replace(/\$\{(\w+)\}/g, (whole, name: string) => {
    if (name === 'testdir') return '.'
    if (name === 'tmpdir') return '/tmp'
    if (name.endsWith('_addr')) return '127.0.0.1'
    if (name.endsWith('_port')) return String(20_000 + portOf(name))
    if (name.endsWith('_sock')) return `127.0.0.1 ${20_000 + portOf(name)}`
    return whole
  })

const portOf = (name: string): number => [...name].reduce((sum, each) => (sum * 31 + each.charCodeAt(0)) % 10_000, 0)
