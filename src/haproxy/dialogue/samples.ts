/**
 * Sample expressions and log-formats as the rules of checks evaluate them (src/sample.c, `sess_build_logline` in
 * src/log.c). Strings are byte strings.
 */
import { readInt64 } from '../../bytes/integers.js'
import type { LogFormat, SampleExpression } from '../../config/samples/log-format.js'
import type { ConverterName, FetchName } from '../../config/samples/names.js'
import { SECOND } from '../../engine/clock.js'
import type { ProcessContext } from '../context.js'
import type { Proxy } from '../proxy/proxy.js'
import type { Server } from '../server/server.js'
import { lowerCase } from '../../http/characters.js'
import { listValues } from '../../http/values.js'
import type { HttpAnswer } from './http-input.js'

export type Sample =
  { readonly type: 'str' | 'bin'; readonly data: string } | { readonly type: 'int'; readonly value: number }

export const str = (data: string): Sample => ({ type: 'str', data })
const bin = (data: string): Sample => ({ type: 'bin', data })
export const int = (value: number): Sample => ({ type: 'int', value })

/** Where an expression is evaluated. */
export interface SampleContext {
  readonly process: ProcessContext
  readonly proxy: Proxy | undefined
  readonly server: Server | undefined
  readonly variables: Map<string, Sample>
  /** what has been received, byte string */
  readonly input: string
  /** the same, where it is an answer of HTTP */
  readonly answer: HttpAnswer | undefined
}

type Fetch = (context: SampleContext, args: readonly string[]) => Sample | undefined
type Converter = (sample: Sample, args: readonly string[], context: SampleContext) => Sample | undefined

/** As a string: bytes end at the first NUL then. */
export const asString = (sample: Sample): string => {
  if (sample.type === 'int') return String(sample.value)
  if (sample.type === 'str') return sample.data
  const nul = sample.data.indexOf('\0')
  return nul < 0 ? sample.data : sample.data.slice(0, nul)
}

const asBinary = (sample: Sample): string => (sample.type === 'int' ? bigEndian(sample.value, 8) : sample.data)

const bigEndian = (value: number, bytes: number): string => {
  let rest = BigInt.asUintN(bytes * 8, BigInt(Math.trunc(value)))
  let result = ''
  for (let i = 0; i < bytes; i++) {
    result = String.fromCharCode(Number(rest & 255n)) + result
    rest >>= 8n
  }
  return result
}

/** Converts a sample to an integer (`c_str2int`); undefined if it is empty or binary. */
export const asInteger = (sample: Sample): number | undefined => {
  if (sample.type === 'int') return sample.value
  if (sample.type === 'bin') return undefined
  return sample.data === '' ? undefined : Number(readInt64(sample.data))
}

const headerValues = (context: SampleContext, args: readonly string[], full: boolean): Sample | undefined => {
  const fields = context.answer?.head.fields.all(lowerCase(args[0] ?? '')) ?? []
  const values = full ? fields : fields.flatMap((value) => [...listValues(value)])
  const occurrence = Number(args[1] ?? -1)
  const value = occurrence < 0 ? values.at(occurrence) : values[Math.max(occurrence, 1) - 1]
  return value === undefined ? undefined : str(value)
}

const FETCHES: Readonly<Record<FetchName, Fetch>> = {
  var: ({ variables }, [name, fallback]) =>
    variables.get(name!) ?? (fallback === undefined ? undefined : str(fallback)),
  str: (_, [text]) => str(text!),
  int: (_, [text]) => int(Number.parseInt(text!, 10) || 0),
  bool: (_, [text]) => int(/^(?:true|yes|1|on)$/i.test(text!) ? 1 : 0),
  bin: (_, [hex]) => bin(hex!.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)))),
  env: ({ process }, [name]) => {
    const value = process.environment.get(name!)
    return value === undefined ? undefined : str(value)
  },
  date: ({ process }, [offset, unit]) => {
    const scale = unit === 'ms' ? SECOND / 1000 : unit === 'us' ? 1 : SECOND
    return int(Math.floor(process.clock.wall / scale) + Number(offset ?? 0))
  },
  hostname: ({ process }) => str(process.machine.hostname),
  pid: ({ process }) => int(process.machine.pid),
  rand: ({ process }, [range]) => int(Math.floor(process.checkRandom.float() * (Number(range) || 0x100000000))),
  always_true: () => int(1),
  always_false: () => int(0),
  be_name: ({ proxy }) => proxy && str(proxy.name),
  be_id: ({ proxy }) => proxy && int(proxy.uuid),
  srv_name: ({ server }) => server && str(server.name),
  srv_id: ({ server }) => server && int(server.puid),
  'res.len': ({ input, answer }) => int(answer === undefined ? input.length : answer.size),
  'res.payload': ({ input, answer }, [offset, length]) => {
    const from = Number(offset)
    const count = Number(length)
    if (answer !== undefined || from > input.length || from + count > input.length) return undefined
    return bin(input.slice(from, count === 0 ? undefined : from + count))
  },
  'res.body': ({ answer }) => answer && bin(answer.body),
  'res.hdr': (context, args) => headerValues(context, args, false),
  'res.fhdr': (context, args) => headerValues(context, args, true),
  'res.ver': ({ answer }) => answer && str(answer.head.version.slice(answer.head.version.indexOf('/') + 1)),
  status: ({ answer }) => answer && int(answer.head.status),
}

const arithmetic =
  (operate: (value: number, other: number) => number): Converter =>
  (sample, [text], context) => {
    const value = asInteger(sample)
    const other = /^[+-]?\d+$/.test(text!) ? Number(text) : asIntegerOf(context.variables.get(text!))
    return value === undefined || other === undefined ? undefined : int(operate(value, other))
  }

const asIntegerOf = (sample: Sample | undefined): number | undefined => sample && asInteger(sample)

const onString =
  (change: (text: string, args: readonly string[], context: SampleContext) => string): Converter =>
  (sample, args, context) =>
    str(change(asString(sample), args, context))

const onInteger =
  (change: (value: number) => number): Converter =>
  (sample) => {
    const value = asInteger(sample)
    return value === undefined ? undefined : int(change(value))
  }

/** Takes the characters of `set` away from the begin of `text`. */
const trimStart = (text: string, set: string): string => {
  let at = 0
  while (at < text.length && set.includes(text[at]!)) at++
  return text.slice(at)
}

const trimEnd = (text: string, set: string): string => {
  let end = text.length
  while (end > 0 && set.includes(text[end - 1]!)) end--
  return text.slice(0, end)
}

/** The `index`th part, counted from the end when negative; empty parts count for `field` only. */
const part = (text: string, [index, delimiters]: readonly string[], withEmpty: boolean): string => {
  const parts: string[] = ['']
  for (const char of text) {
    if (delimiters!.includes(char)) parts.push('')
    else parts[parts.length - 1] += char
  }
  const counted = withEmpty ? parts : parts.filter((each) => each !== '')
  const number = Number(index)
  return (number < 0 ? counted.at(number) : counted[number - 1]) ?? ''
}

const CONVERTERS: Readonly<Record<ConverterName, Converter>> = {
  hex: (sample) =>
    str(Array.from(asBinary(sample), (c) => c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')).join('')),
  htonl: (sample) => {
    const value = asInteger(sample)
    return value === undefined ? undefined : bin(bigEndian(value, 4))
  },
  lower: onString((text) => text.replace(/[A-Z]/g, (c) => c.toLowerCase())),
  upper: onString((text) => text.replace(/[a-z]/g, (c) => c.toUpperCase())),
  length: (sample) => int(asString(sample).length),
  cut_crlf: onString((text) => /^[^\r\n]*/.exec(text)![0]),
  ltrim: onString((text, [set]) => trimStart(text, set!)),
  rtrim: onString((text, [set]) => trimEnd(text, set!)),
  bytes: (sample, [offset, length]) => {
    const data = asBinary(sample)
    const from = Number(offset)
    return bin(data.slice(from, length === undefined ? undefined : from + Number(length)))
  },
  concat: onString((text, [start, name, end], { variables }) => {
    const variable = name ? variables.get(name) : undefined
    return `${text}${start ?? ''}${variable ? asString(variable) : ''}${end ?? ''}`
  }),
  add: arithmetic((a, b) => a + b),
  sub: arithmetic((a, b) => a - b),
  mul: arithmetic((a, b) => a * b),
  div: arithmetic((a, b) => (b === 0 ? Number.MAX_SAFE_INTEGER : Math.trunc(a / b))),
  mod: arithmetic((a, b) => (b === 0 ? 0 : a % b)),
  and: arithmetic((a, b) => Number(BigInt.asIntN(64, BigInt(a) & BigInt(b)))),
  or: arithmetic((a, b) => Number(BigInt.asIntN(64, BigInt(a) | BigInt(b)))),
  xor: arithmetic((a, b) => Number(BigInt.asIntN(64, BigInt(a) ^ BigInt(b)))),
  neg: onInteger((value) => -value),
  not: onInteger((value) => (value === 0 ? 1 : 0)),
  bool: onInteger((value) => (value === 0 ? 0 : 1)),
  word: onString((text, args) => part(text, args, false)),
  field: onString((text, args) => part(text, args, true)),
  base64: (sample) => str(base64(asBinary(sample))),
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

const base64 = (data: string): string => {
  let result = ''
  for (let i = 0; i < data.length; i += 3) {
    const group = (data.charCodeAt(i) << 16) | ((data.charCodeAt(i + 1) || 0) << 8) | (data.charCodeAt(i + 2) || 0)
    const count = Math.min(3, data.length - i)
    for (let j = 0; j < 4; j++) result += j <= count ? ALPHABET[(group >> (18 - 6 * j)) & 63] : '='
  }
  return result
}

/** The value of an expression; undefined if it has none. */
export const evaluate = ({ fetch, converters }: SampleExpression, context: SampleContext): Sample | undefined => {
  let sample = FETCHES[fetch.name](context, fetch.args)
  for (const { name, args } of converters) {
    if (sample === undefined) return undefined
    sample = CONVERTERS[name](sample, args, context)
  }
  return sample
}

/** Evaluates a log-format. */
export const formatText = (format: LogFormat, context: SampleContext): string => {
  let result = ''
  for (const part of format) {
    if ('text' in part) {
      result += part.text
      continue
    }
    const sample = evaluate(part.expression, context)
    const text = sample === undefined ? '' : asString(sample)
    const nul = text.indexOf('\0')
    result += text === '' && part.mandatory ? '-' : nul < 0 ? text : text.slice(0, nul)
  }
  return result
}
