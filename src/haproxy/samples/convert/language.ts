/** The converter `language`: the best of a list by the weights of an Accept-Language header (`sample_conv_q_preferred`, src/http_conv.c). */
import { textArgument, type Converter } from '../keyword.js'
import type { BytesSample } from '../sample.js'

const WHOLE = 1000

/** Whether a range of the header names a language of the list: they are equal, or the language is its first part. */
const matches = (range: string, language: string): boolean => range === language || range.startsWith(`${language}-`)

/** `http_parse_qvalue`: thousandths, at most 1000. */
const weightOf = (text: string): number => {
  const digits = /^(\d)(?:\.(\d{0,3}))?/.exec(text)
  if (!digits) return WHOLE
  return Math.min(Number(`${digits[1]}${(digits[2] ?? '').padEnd(3, '0')}`), WHOLE)
}

const PARAMETER = /^[ \t\n\v\f\r]*(?:(,|$)|;[ \t\n\v\f\r]*q[ \t\n\v\f\r]*=[ \t\n\v\f\r]*|(;))/

export const LANGUAGE_CONVERTERS: readonly Converter[] = [
  {
    name: 'language',
    bind: (args) => {
      const languages = textArgument(args, 0).split(';')
      const fallback = textArgument(args, 1)
      return (sample) => {
        const { bytes } = sample as BytesSample
        let best = ''
        let bestWeight = 0
        for (const part of bytes.split(',')) {
          const range = /^[ \t\n\v\f\r]*([^; \t\n\v\f\r]+)/.exec(part)
          const language = range ? languages.find((each) => matches(range[1]!, each)) : undefined
          if (!range || language === undefined) continue
          const rest = part.slice(range[0].length)
          const parameter = PARAMETER.exec(rest)
          // blanks followed by something else: not a range
          if (!parameter) continue
          const hasWeight = parameter[1] === undefined && parameter[2] === undefined
          const weight = hasWeight ? weightOf(rest.slice(parameter[0].length)) : WHOLE
          if (weight <= bestWeight) continue
          best = language
          bestWeight = weight
          if (weight >= WHOLE) break
        }
        const text = best === '' ? fallback : best
        return text === '' ? undefined : { ...(sample as BytesSample), bytes: text }
      }
    },
  },
]
