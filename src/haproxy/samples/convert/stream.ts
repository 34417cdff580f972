/** Converters that depend on the stream or the process and return their input: `when`, `capture-*` and `debug` (src/sample.c, src/http_conv.c). */
import type { Acl } from '../../../config/model/acl.js'
import { bindTerms } from '../acl.js'
import { integerArgument, textArgument, type Converter } from '../keyword.js'
import type { SampleContext } from '../context.js'
import { bytesOf } from '../sample.js'

/** The conditions of `when`. Outside of a stream, those of streams are false. */
const CONDITIONS: Readonly<Record<string, (context: SampleContext) => boolean>> = {
  stopping: ({ process }) => process.isStopping,
  normal: ({ stream }) => stream?.isFaulty !== true,
  error: ({ stream }) => stream?.isFaulty === true,
  forwarded: ({ stream }) => stream?.handledBy === 'connection',
  toapplet: ({ stream }) => stream?.handledBy === 'applet',
  processed: ({ stream }) => stream?.handledBy !== undefined,
}
const CONDITION_NAMES = [...Object.keys(CONDITIONS), 'acl']

const when: Converter = {
  name: 'when',
  check: (args, scope) => {
    const name = textArgument(args, 0).replace(/^!/, '')
    if (!CONDITION_NAMES.includes(name))
      return `expects a supported keyword among {${CONDITION_NAMES.join(',')}} but got '${name}'`
    if (name !== 'acl') return undefined
    const acl = textArgument(args, 1)
    if (acl === '') return "'acl' selector requires an extra argument with the ACL name"
    if (scope?.inProxy !== true) return "'acl' selector may only be used in the context of a proxy"
    const found = scope.acl(acl)
    if (!found) return `ACL '${acl}' not found`
    return { args: [args[0]!, { type: 'object', object: found }] }
  },
  bind: (args, registry) => {
    const [, not, name] = /^(!?)(.*)$/s.exec(textArgument(args, 0))!
    const [, acl] = args
    const passes =
      acl?.type === 'object' ? bindTerms([{ acl: acl.object as Acl, negated: false }], registry) : () => 'fail'
    const isTrue = CONDITIONS[name!] ?? ((context: SampleContext) => passes(context) === 'pass')
    return (sample, context) => (isTrue(context) !== (not === '!') ? sample : undefined)
  },
}

/** Stores the value in a slot of `declare capture`. */
const capture = (name: string, direction: 'request' | 'response'): Converter => ({
  name,
  bind: (args) => {
    const slot = Number(integerArgument(args, 0))
    return (sample, { stream }) => (stream?.capture(direction, slot, bytesOf(sample)) === true ? sample : undefined)
  },
})

/** Writes the value to a ring (default: `buf0`), from which nothing reads yet. */
const debug: Converter = {
  name: 'debug',
  check: (args, scope) => {
    const sink = args[1]
    scope?.useSink(sink?.type === 'string' ? sink.text : 'buf0', 'debug converter')
    return undefined
  },
  bind: () => (sample) => sample,
}

export const STREAM_CONVERTERS: readonly Converter[] = [
  when,
  capture('capture-req', 'request'),
  capture('capture-res', 'response'),
  debug,
]
