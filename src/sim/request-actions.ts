/**
 * Actions that send an HTTP request: `get http://127.0.0.1:8080/x`, `post URL -H 'content-type: text/plain' -d 'a b'`. The options are
 * those of curl.
 */
import type { Client, RequestOptions } from './actors/index.js'

/** Their verbs: methods in lower case. */
export const REQUEST_VERBS: readonly string[] = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options']

const USAGE = "expected URL [-H 'NAME: VALUE']… [-d BODY] [-0] [--from ADDRESS] [--to ADDRESS]"

/**
 * Parses a request and returns a function that sends it. Throws a RangeError if it is invalid.
 *
 * @param verb one of {@link REQUEST_VERBS}
 * @param text what follows it
 * @param client creates a client with an address (default: HAProxy's host)
 */
export const planRequest = (verb: string, text: string, client: (address?: string) => Client): (() => void) => {
  const headers: [string, string][] = []
  const options: { -readonly [Name in 'body' | 'version' | 'to']?: RequestOptions[Name] } = {}
  let from: string | undefined
  let url: string | undefined
  const words = splitWords(text)
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    const value = (): string => {
      const next = words[++i]
      if (next === undefined) throw new RangeError(`${word} needs a value; ${USAGE}`)
      return next
    }
    if (word === '-H') headers.push(parseHeader(value()))
    else if (word === '-d') options.body = value().replaceAll('\\n', '\n')
    else if (word === '-0') options.version = '1.0'
    else if (word === '--from') from = value()
    else if (word === '--to') options.to = value()
    else if (word.startsWith('-') || url !== undefined) throw new RangeError(`unexpected '${word}'; ${USAGE}`)
    else url = word
  }
  if (url === undefined) throw new RangeError(`'${verb}' needs a URL; ${USAGE}`)
  const send = client(from).prepare(verb.toUpperCase(), url, { ...options, ...(headers.length > 0 && { headers }) })
  return () => void send().onEnd(({ connection }) => connection.close())
}

const parseHeader = (text: string): [string, string] => {
  const [, name, value] = /^([^:]+):\s*(.*)$/s.exec(text) ?? []
  if (name === undefined) throw new RangeError(`invalid header '${text}': expected NAME: VALUE`)
  return [name, value!]
}

const WORD = /(?:[^\s"'\\]|\\[^]|"(?:[^"\\]|\\[^])*"|'[^']*')+/gy
const PART = /\\([^])|"((?:[^"\\]|\\[^])*)"|'([^']*)'/g

/**
 * Splits a text at blanks as shells do: quotes and backslashes protect blanks; within double quotes a backslash protects only `"` and
 * itself. Throws a RangeError for a quote that is not closed.
 */
export const splitWords = (text: string): string[] => {
  const words: string[] = []
  let at = 0
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at++
    if (at >= text.length) return words
    WORD.lastIndex = at
    const word = WORD.exec(text)?.[0]
    if (word === undefined || /["'\\]/.test(text[at + word.length] ?? ''))
      throw new RangeError(`a quote is not closed in '${text}'`)
    words.push(word.replace(PART, unquoted))
    at += word.length
  }
}

const unquoted = (_: string, escaped?: string, double?: string, single?: string): string =>
  escaped ?? double?.replace(/\\(["\\])/g, '$1') ?? single!
