/** Evaluation of log-formats (`sess_build_logline_orig`, src/log.c). */
import { NO_OPTIONS } from '../../config/samples/format-options.js'
import type { LogFormat, LogFormatItem } from '../../config/samples/log-format.js'
import { ALIASES } from '../logs/aliases/index.js'
import { HTTP_FIELD, NOTHING } from '../logs/escape-sets.js'
import { LineFull, LineWriter } from '../logs/line-writer.js'
import { cast } from './casts.js'
import type { SampleContext } from './context.js'
import { evaluate } from './expression.js'
import type { BytesSample, IntegerSample, Sample } from './sample.js'

type Field = Extract<LogFormatItem, { kind: 'alias' | 'expression' }>
type ExpressionItem = Extract<LogFormatItem, { kind: 'expression' }>

/**
 * The line of a log-format, a byte string.
 * @param size the size of the buffer: the line is shorter by at least one byte, and ends before the item that does not fit
 */
export const formatText = (format: LogFormat, context: SampleContext, size = context.bufsize): string => {
  const request = context.log.takeRequestNumber()
  if (format.items.length === 0 && format.encoding === 'none') return ''
  const line = new LineWriter(size)
  try {
    writeLine(format, context, line, request)
  } catch (error) {
    if (!(error instanceof LineFull)) throw error
  }
  return line.text
}

const writeLine = (format: LogFormat, context: SampleContext, line: LineWriter, request: number): void => {
  const isMap = format.encoding !== 'none'
  const common = { ...NO_OPTIONS, encoding: format.encoding, binary: format.binary }
  line.options = common
  line.beginMap()
  let isFirst = true
  let afterSpace = true
  for (const item of format.items) {
    if (item.kind === 'text' || item.kind === 'space') {
      if (isMap || (item.kind === 'space' && afterSpace)) continue
      line.literal(item.kind === 'text' ? item.text : ' ')
      afterSpace = item.kind === 'space'
      continue
    }
    if (isMap) {
      // items without a name are not part of the map
      if (item.name === '') continue
      line.options = common
      line.key(item.name, isFirst)
      isFirst = false
    }
    const before = line.text.length
    writeField(item, context, line, request, format.http)
    if (line.text.length > before || item.kind === 'expression') afterSpace = false
  }
  line.options = common
  line.endMap()
}

const writeField = (item: Field, context: SampleContext, line: LineWriter, request: number, isHttp: boolean): void => {
  line.options = item.options
  line.type = item.type
  const before = line.text.length
  if (item.kind === 'expression') writeExpression(item, context, line, isHttp)
  else ALIASES.get(item.alias.name)!(line, context.log, request)
  if (line.text.length === before) line.nothing()
  line.endText()
}

const writeExpression = (item: ExpressionItem, context: SampleContext, line: LineWriter, isHttp: boolean): void => {
  const sample = evaluateItem(item, context)
  const type = outputType(item, sample)
  // values of the type raw are written as they are
  if (type === 'raw') line.options = NO_OPTIONS
  const value = sample && cast(sample, type === 'raw' ? 'bin' : type)
  if (isHttp) line.bytes(value ? bytesOf(value) : '', '%', HTTP_FIELD, false)
  else if (value === undefined) line.value(undefined)
  else if (type === 'sint') line.encodedInteger((value as IntegerSample).value)
  // C takes the lowest byte
  else if (type === 'bool') line.encodedBoolean(((value as IntegerSample).value & 0xffn) !== 0n)
  else if (type === 'str') line.value(bytesOf(value) || undefined)
  else line.bytes(bytesOf(value), '', NOTHING, false)
}

/** The value for the request or, without one, for the response; both only if the fetch is valid there. */
const evaluateItem = (
  { expression, request, response }: ExpressionItem,
  context: SampleContext,
): Sample | undefined => {
  if (!request && !response) return evaluate(expression, context)
  const { direction } = context
  let sample: Sample | undefined
  if (request) {
    context.direction = 'request'
    sample = evaluate(expression, context)
  }
  if (sample === undefined && response) {
    context.direction = 'response'
    sample = evaluate(expression, context)
  }
  context.direction = direction
  return sample
}

const bytesOf = (sample: Sample): string => (sample as BytesSample).bytes

/** The type in which a value is written: its own type if the encoding has it, otherwise that of the format. */
const outputType = (
  { options, type }: ExpressionItem,
  sample: Sample | undefined,
): 'str' | 'bin' | 'sint' | 'bool' | 'raw' => {
  const { encoding, binary } = options
  if (encoding !== 'none') {
    if (type !== 'same') return type
    if (sample?.type === 'sint' || sample?.type === 'bool') return sample.type
    if (sample?.type === 'bin' && encoding === 'cbor') return 'bin'
  }
  return sample?.type === 'bin' && binary && type !== 'str' ? 'bin' : 'str'
}
