/** Fetches and converters that scripts have registered: `lua.NAME` (`hlua_register_fetches`, `hlua_register_converters`, src/hlua.c). */
import type { Argument } from '../../config/samples/arguments.js'
import { LUA_PREFIX } from '../../config/samples/keywords.js'
import type { Converter, Fetch } from './keyword.js'

const textsOf = (args: readonly Argument[]): string[] =>
  args.map((argument) => (argument.type === 'string' ? argument.text : ''))

/** The fetch that scripts have registered under a name with `lua.`; it has no value outside of streams. */
export const scriptFetch = (name: string): Fetch => ({
  name,
  bind: (args) => {
    const called = name.slice(LUA_PREFIX.length)
    const texts = textsOf(args)
    return (context) => context.scripts?.fetch(called, texts, context)
  },
})

/** The same for a converter. */
export const scriptConverter = (name: string): Converter => ({
  name,
  bind: (args) => {
    const called = name.slice(LUA_PREFIX.length)
    const texts = textsOf(args)
    return (sample, context) => context.scripts?.convert(called, sample, texts, context)
  },
})
