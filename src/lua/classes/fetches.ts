/** The classes Fetches and Converters: all of HAProxy's as methods (`hlua_run_sample_fetch` and `hlua_run_sample_conv` in src/hlua.c). */
import { converterSignature, fetchSignature, knownConverters, knownFetches } from '../../config/samples/keywords.js'
import { MESSAGE_SOURCES, sourcesMask } from '../../config/samples/places.js'
import { isCastable, isFreeCast } from '../../config/samples/types.js'
import type { Argument } from '../../config/samples/arguments.js'
import { cast } from '../../haproxy/samples/casts.js'
import type { Conversion, Evaluation } from '../../haproxy/samples/keyword.js'
import { SAMPLES } from '../../haproxy/samples/registry.js'
import { throwLuaError, throwNotEmulated } from '../binding/errors.js'
import { LuaClass } from '../binding/lua-class.js'
import { readArguments } from '../binding/sample-arguments.js'
import { pushSample, pushSampleText, sampleArgument } from '../binding/samples.js'
import { Converters, Fetches } from '../calls/txn.js'
import { lua, type LuaFunction } from '../fengari.js'
import type { ApiPart } from './api-part.js'

const { lua_error, lua_pushstring } = lua

/** Methods have names with underscores. */
const methodName = (keyword: string): string => keyword.replace(/[.+-]/g, '_')

/** What fetches are bound to, by their arguments; the least recently used ones are made again. */
class Bound<T> {
  readonly #byArguments = new Map<string, T>()

  get(args: readonly Argument[], bind: (args: readonly Argument[]) => T): T {
    const key = keyOf(args)
    if (key === undefined) return bind(args)
    let bound = this.#byArguments.get(key)
    if (bound === undefined) {
      if (this.#byArguments.size >= MOST_BOUND) this.#byArguments.clear()
      bound = bind(args)
      this.#byArguments.set(key, bound)
    }
    return bound
  }
}

const MOST_BOUND = 64

/** Identifies arguments that are text and integers; undefined if there are others. */
const keyOf = (args: readonly Argument[]): string | undefined => {
  let key = ''
  for (const each of args) {
    if (each.type === 'string') key += `s${each.text.length}:${each.text}`
    else if (each.type === 'integer') key += `i${each.value};`
    else if (each.type === 'reference') key += `r${each.name.length}:${each.name}`
    else return undefined
  }
  return key
}

/** Sources that services cannot use. */
const CHANNEL_SOURCES = sourcesMask('request buffer', 'response buffer', ...MESSAGE_SOURCES)

const runFetch = (name: string): LuaFunction => {
  const fetch = SAMPLES.fetches.get(name)
  if (!fetch) return (L) => throwNotEmulated(L, `the sample fetch '${name}'`)
  const { signature, sources } = fetchSignature(name)!
  const needsChannels = (sources & CHANNEL_SOURCES) !== 0
  const bound = new Bound<Evaluation>()
  return (L) => {
    const { caller, asText, withChannels } = fetchesClass.check(L, 1)
    if (needsChannels && !withChannels) {
      const needs = "needs to access data from channel's buffer which is not available in Lua services"
      lua_pushstring(L, `the sample-fetch '${name}' ${needs}`)
      return lua_error(L)
    }
    const { proxy, samples } = caller
    const args = readArguments(L, 2, signature, fetch, { process: samples.process, proxy })
    const sample = bound.get(args, (given) => fetch.bind(given, SAMPLES))(samples)
    return asText ? pushSampleText(L, sample) : pushSample(L, sample)
  }
}

const runConverter = (name: string): LuaFunction => {
  const converter = SAMPLES.converters.get(name)
  if (!converter) return (L) => throwNotEmulated(L, `the converter '${name}'`)
  const { signature, input } = converterSignature(name)!
  const bound = new Bound<Conversion>()
  return (L) => {
    const { caller, asText } = convertersClass.check(L, 1)
    const { proxy, samples } = caller
    const args = readArguments(L, 3, signature, converter, { process: samples.process, proxy })
    const given = sampleArgument(L, 2)
    if (!isCastable(given.type, input))
      throwLuaError(L, `invalid input argument: cannot cast '${given.type}' to '${input}'`)
    const sample = isFreeCast(given.type, input) ? given : cast(given, input)
    if (sample === undefined) return throwLuaError(L, 'error during the input argument casting')
    const converted = bound.get(args, (each) => converter.bind(each, SAMPLES))(sample, samples)
    return asText ? pushSampleText(L, converted) : pushSample(L, converted)
  }
}

/** Fetches whose methods are those of others, which HAProxy registers after them. */
const REPLACED: ReadonlySet<string> = new Set([
  'req_len',
  'req.proto_http',
  'req_ssl_hello_type',
  'req_ssl_sni',
  'req_ssl_ver',
  'req.ver',
])

const methods = (names: readonly string[], run: (name: string) => LuaFunction): Record<string, LuaFunction> =>
  Object.fromEntries(names.filter((name) => !REPLACED.has(name)).map((name) => [methodName(name), run(name)]))

const fetchesClass = new LuaClass<Fetches>('Fetches', {
  type: Fetches,
  ownUserdata: true,
  methods: () => methods(knownFetches(), runFetch),
})

const convertersClass = new LuaClass<Converters>('Converters', {
  type: Converters,
  ownUserdata: true,
  methods: () => methods(knownConverters(), runConverter),
})

export const FETCHES: ApiPart = { class: fetchesClass }
export const CONVERTERS: ApiPart = { class: convertersClass }
