/** The converter `regsub`: replaces what a regular expression matches (`sample_conv_regsub`, src/sample.c). */
import { compileRegex, expandReplacement, isRegexError, type Regex } from '../../../regex/index.js'
import { referenceArgument, textArgument, type Converter } from '../keyword.js'
import { bytesOf, str } from '../sample.js'

const FLAGS = 'ig'

/**
 * The text with the first match replaced, or all of them. The rest after a match is matched as a separate text, except that `^` does not match at its
 * start. A match of no bytes is replaced before a byte, which is kept.
 */
const replace = (regex: Regex, text: string, replacement: string, isGlobal: boolean, bufsize: number): string => {
  let result = ''
  let rest = text
  for (let isFirst = true; ; isFirst = false) {
    const match = isFirst || isGlobal ? regex.exec(rest, { notBol: !isFirst }) : undefined
    if (!match) return (result + rest).slice(0, bufsize)
    const [begin, end] = match as [number, number]
    result += rest.slice(0, begin)
    const expanded = expandReplacement(replacement, rest, match, bufsize)
    // the rest is lost, too
    if (expanded === undefined) return result.slice(0, bufsize)
    result += expanded
    if (rest === '' || result.length >= bufsize) return result.slice(0, bufsize)
    if (end === 0) result += rest[0]!
    rest = rest.slice(end || 1)
  }
}

export const REGULAR_CONVERTERS: readonly Converter[] = [
  {
    name: 'regsub',
    check: (args) => {
      const unknown = Array.from(textArgument(args, 2)).find((flag) => !FLAGS.includes(flag))
      return unknown === undefined ? undefined : `invalid regex flag '${unknown}', only 'i' and 'g' are supported`
    },
    bind: (args) => {
      const flags = textArgument(args, 2)
      const regex = compileRegex(referenceArgument(args), { ignoreCase: flags.includes('i') })
      if (isRegexError(regex)) return () => undefined
      const replacement = textArgument(args, 1)
      return (sample, { bufsize }) => str(replace(regex, bytesOf(sample), replacement, flags.includes('g'), bufsize))
    },
  },
]
