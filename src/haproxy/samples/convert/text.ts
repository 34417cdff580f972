/** Converters that change the case of text, cut, measure and compare it. */
import { strl2ui } from '../../../bytes/integers.js'
import {
  textArgument,
  variableArgument,
  variableNameProblem,
  variableText,
  type Conversion,
  type Converter,
} from '../keyword.js'
import { bytesOf, duplicate, sint, str, type BytesSample } from '../sample.js'

const lowerCase = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())

/**
 * A change of the bytes that keeps the type, text or binary.
 * @param writes whether HAProxy changes them in place, for which it may have to copy them first
 */
const changing =
  (change: (bytes: string) => string, writes = false): Conversion =>
  (sample, { bufsize }) => {
    const changed = { ...(sample as BytesSample), bytes: change(bytesOf(sample)) }
    return writes ? duplicate(changed, bufsize) : changed
  }

/** The position of the port's colon in `host:port`; the length without a port. */
const portAt = (text: string): number => {
  const at = Math.max(text.lastIndexOf(':'), text.lastIndexOf(']'))
  return at >= 0 && text[at] === ':' ? at : text.length
}

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

/** `strncmp`; if one is a prefix of the other, the difference of their lengths. */
const compare = (a: string, b: string): number => {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = a.charCodeAt(i) - b.charCodeAt(i)
    if (difference !== 0) return difference
    // strncmp stops at a NUL in both
    if (a.charCodeAt(i) === 0) break
  }
  return Math.sign(a.length - b.length)
}

export const TEXT_CONVERTERS: readonly Converter[] = [
  { name: 'lower', bind: () => changing(lowerCase, true) },
  { name: 'upper', bind: () => changing((text) => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase()), true) },
  { name: 'length', bind: () => (sample) => sint(bytesOf(sample).length) },
  { name: 'cut_crlf', bind: () => changing((text) => /^[^\r\n]*/.exec(text)![0]) },
  {
    name: 'ltrim',
    bind: (args) => {
      const set = textArgument(args, 0)
      return changing((text) => trimStart(text, set))
    },
  },
  {
    name: 'rtrim',
    bind: (args) => {
      const set = textArgument(args, 0)
      return changing((text) => trimEnd(text, set))
    },
  },
  {
    name: 'concat',
    variables: [1],
    check: (args) => (textArgument(args, 1) === '' ? undefined : variableNameProblem(textArgument(args, 1))),
    bind: (args) => {
      const [before, after] = [textArgument(args, 0), textArgument(args, 2)]
      const variable = variableArgument(args, 1)
      return (sample, context) => {
        const middle = variableText(context, variable) ?? ''
        return str(`${bytesOf(sample)}${before}${middle}${after}`.slice(0, context.bufsize - 1))
      }
    },
  },
  {
    name: 'add_item',
    variables: [1],
    check: (args) => {
      const [, name, suffix] = [0, 1, 2].map((i) => textArgument(args, i)) as [string, string, string]
      if (name !== '') return variableNameProblem(name)
      return suffix === '' ? 'one of the optional arguments has to be nonempty' : undefined
    },
    bind: (args) => {
      const [delimiter, suffix] = [textArgument(args, 0), textArgument(args, 2)]
      const variable = variableArgument(args, 1)
      return (sample, context) => {
        const text = bytesOf(sample)
        const value = variableText(context, variable) ?? ''
        const divided = text !== '' && (value !== '' || suffix !== '')
        return str(`${text}${divided ? delimiter : ''}${value}${suffix}`.slice(0, context.bufsize - 1))
      }
    },
  },
  {
    name: 'strcmp',
    variables: [0],
    check: (args) =>
      textArgument(args, 0) === '' ? 'missing variable name' : variableNameProblem(textArgument(args, 0)),
    bind: (args) => {
      const variable = variableArgument(args, 0)
      return (sample, context) => {
        const other = variableText(context, variable)
        return other === undefined ? undefined : sint(compare(bytesOf(sample), other))
      }
    },
  },
  { name: 'host_only', bind: () => (sample) => str(lowerCase(bytesOf(sample).slice(0, portAt(bytesOf(sample))))) },
  { name: 'port_only', bind: () => (sample) => sint(strl2ui(bytesOf(sample).slice(portAt(bytesOf(sample)) + 1))) },
  {
    name: 'iif',
    bind: (args) => {
      const [ifTrue, ifFalse] = [str(textArgument(args, 0)), str(textArgument(args, 1))]
      return (sample) => ('value' in sample && sample.value !== 0n ? ifTrue : ifFalse)
    },
  },
]
