/** Aliases of log-formats: the request, its captured headers, and the status of the response. */
import { parseUri, splitQuery } from '../../../http/index.js'
import { CAPTURED_HEADER, REQUEST_LINE } from '../escape-sets.js'
import type { LineWriter } from '../line-writer.js'
import type { Aliases, WriteAlias } from './alias.js'

const BAD_REQUEST = '<BADREQ>'

const writeCapture = (line: LineWriter, value: string): void => line.bytes(value, '#', CAPTURED_HEADER, true)

/** `{a|b}` */
const captures = (line: LineWriter, values: readonly (string | undefined)[] | undefined): void => {
  if (values === undefined) return
  line.beginText()
  line.char('{')
  values.forEach((value, index) => {
    if (index > 0) line.char('|')
    if (value !== undefined) writeCapture(line, value)
  })
  line.char('}')
}

/** Each by itself, with `-` for those that are missing unless they are quoted. */
const captureList = (line: LineWriter, values: readonly (string | undefined)[] | undefined): void => {
  if (values === undefined) return
  line.list(values, (value) => {
    if (value !== undefined) writeCapture(line, value)
    else if (!line.options.quote) line.char('-')
  })
}

/** A part of the request line. @param part what it is; undefined: the line has no such part */
const requestPart =
  (part: (request: string) => string | undefined): WriteAlias =>
  (line, { requestLine }) => {
    line.beginText()
    line.bytes((requestLine === undefined ? undefined : part(requestLine)) ?? BAD_REQUEST, '#', REQUEST_LINE, true)
  }

/** The URI and what follows it; undefined where only a method was received. */
const afterMethod = (request: string): string | undefined => {
  const [, rest] = /^[^ \t]*[ \t]+(.*)$/s.exec(request) ?? []
  return rest
}

const uriOf = (request: string): string | undefined => afterMethod(request)?.replace(/[ \t].*$/s, '')

export const HTTP_ALIASES: Aliases = {
  ST: (line, { status }) => line.integer(status),
  CC: (line, { clientCookie }) => line.value(clientCookie),
  CS: (line, { serverCookie }) => line.value(serverCookie),
  hr: (line, { requestCaptures }) => captures(line, requestCaptures),
  hrl: (line, { requestCaptures }) => captureList(line, requestCaptures),
  hs: (line, { responseCaptures }) => captures(line, responseCaptures),
  hsl: (line, { responseCaptures }) => captureList(line, responseCaptures),
  r: requestPart((request) => request),
  HM: requestPart((request) => /^[^ \t]*(?=[ \t])/.exec(request)?.[0]),
  HU: requestPart(uriOf),
  HP: requestPart((request) => afterMethod(request)?.replace(/[? \t].*$/s, '')),
  HPO: requestPart((request) => {
    const uri = uriOf(request)
    return uri === undefined ? undefined : splitQuery(parseUri(uri).path ?? '').path
  }),
  HQ: requestPart((request) => /\?[^ \t]*/.exec(request)?.[0] ?? ''),
  HV: requestPart((request) => {
    const rest = afterMethod(request)
    if (rest === undefined) return undefined
    return rest.replace(/^[^ \t]*[ \t]*/, '') || 'HTTP/0.9'
  }),
}
