/** Evaluation of log-formats (`sess_build_logline`, src/log.c). */
import type { LogFormat } from '../../config/samples/log-format.js'
import { textOf } from './casts.js'
import type { SampleContext } from './context.js'
import { evaluate } from './expression.js'

const untilNul = (text: string): string => {
  const nul = text.indexOf('\0')
  return nul < 0 ? text : text.slice(0, nul)
}

/** The text of a log-format, a byte string. An expression without a value is left out, or `-` where the flag `+M` asks for it. */
export const formatText = ({ items }: LogFormat, context: SampleContext): string => {
  let result = ''
  for (const item of items) {
    if (item.kind === 'text') result += item.text
    if (item.kind !== 'expression') continue
    const sample = evaluate(item.expression, context)
    const text = sample === undefined ? '' : textOf(sample)
    result += text === '' && item.options.mandatory ? '-' : untilNul(text)
  }
  return result
}
