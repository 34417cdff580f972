/** Arguments of fetches and converters that scripts call as methods (`hlua_lua2arg` and `hlua_lua2arg_check` in src/hlua.c). */
import type { Argument, ArgumentType, ReferenceType, Signature } from '../../config/samples/arguments.js'
import { parseMask } from '../../config/samples/masks.js'
import type { SampleKeyword } from '../../config/samples/keywords.js'
import type { Proxy } from '../../haproxy/proxy/proxy.js'
import type { SampleProcess } from '../../haproxy/samples/context.js'
import { parseIp } from '../../net/ip.js'
import { compileRegex, isRegexError } from '../../regex/index.js'
import { lauxlib, lua, luaString, type lua_State } from '../fengari.js'
import { push } from '../vm/api/push.js'
import { argument, argumentCount } from '../vm/arguments.js'
import { numberText, toInteger } from '../vm/number-text.js'
import type { LuaValue } from '../vm/value.js'

const { lua_error } = lua
const { luaL_argerror } = lauxlib

/** Arguments after these are ignored (`ARGM_NBARGS`). */
const MOST_ARGUMENTS = 12

/** What arguments may refer to. */
export interface ArgumentScope {
  readonly process: SampleProcess
  readonly proxy: Proxy | undefined
}

/** An argument as it is passed: text as a byte string, or an integer, which all other values are. */
type Passed = string | bigint

const passed = (value: LuaValue): Passed => {
  if (typeof value === 'string') return value
  return numberText(value) === undefined ? 0n : BigInt(toInteger(value) ?? 0)
}

/** A problem with an argument, as the error message says it. */
class ArgumentProblem {
  constructor(readonly text: string) {}
}

const problem = (text: string): ArgumentProblem => new ArgumentProblem(text)

/** The name of a server with its backend. */
const serverReference = (text: string, { process, proxy }: ArgumentScope): Argument | ArgumentProblem => {
  const slash = text.lastIndexOf('/')
  const backend = slash < 0 ? proxy : process.backendNamed(text.slice(0, slash))
  if (!backend) return problem("backend doesn't exist")
  if (!backend.server(text.slice(slash + 1))) return problem("server doesn't exist")
  return { type: 'reference', to: 'server', name: text }
}

const reference = (text: string, to: ReferenceType, scope: ArgumentScope): Argument | ArgumentProblem => {
  const { process } = scope
  switch (to) {
    case 'server':
      return serverReference(text, scope)
    case 'frontend':
      if (!process.frontendNamed(text)) return problem("frontend doesn't exist")
      break
    case 'backend':
      if (!process.backendNamed(text)) return problem("backend doesn't exist")
      break
    case 'table':
      if (!hasTable(process, text)) return problem("table doesn't exist")
      break
    case 'user list':
      if (!process.configuration.userlists.some(({ name }) => name === text))
        return problem(`unable to find userlist '${text}'`)
      break
    case 'regex': {
      const regex = compileRegex(text)
      if (isRegexError(regex)) return problem(`error compiling regex '${text}' : '${regex.error}'`)
    }
  }
  return { type: 'reference', to, name: text }
}

const hasTable = ({ configuration }: SampleProcess, name: string): boolean =>
  configuration.proxies.some((proxy) => proxy.name === name && proxy.table !== undefined)

/** HAProxy's check is inverted: it refuses valid addresses, and takes what is left of others, of which nothing is defined. */
const address = (text: string, family: 'ipv4' | 'ipv6'): Argument | ArgumentProblem =>
  parseIp(text, family)
    ? problem(`invalid ${family === 'ipv4' ? 'IPv4' : 'IPv6'} address`)
    : { type: 'address', bytes: '\0'.repeat(family === 'ipv4' ? 4 : 16) }

const mask = (value: Passed, family: 'ipv4' | 'ipv6'): Argument | ArgumentProblem => {
  const bytes = parseMask(String(value), family)
  if (bytes !== undefined) return { type: 'address', bytes }
  return problem(`invalid ${family === 'ipv4' ? 'IPv4' : 'IPv6'} mask`)
}

const convert = (value: Passed, type: ArgumentType, scope: ArgumentScope): Argument | ArgumentProblem => {
  const isText = typeof value === 'string'
  switch (type) {
    case 'integer':
      return isText ? problem('integer expected') : { type: 'integer', value }
    case 'string':
      return isText ? { type: 'string', text: value } : problem('unable to duplicate string arg')
    case 'IPv4 mask':
    case 'IPv6 mask':
      return mask(value, type === 'IPv4 mask' ? 'ipv4' : 'ipv6')
    case 'Protocol buffers field number':
      return problem(`'${type}' expected, got '${isText ? 'string' : 'integer'}'`)
  }
  if (!isText) return problem('string expected')
  switch (type) {
    case 'IPv4 address':
    case 'IPv6 address':
      return address(value, type === 'IPv4 address' ? 'ipv4' : 'ipv6')
    default:
      return reference(value, type, scope)
  }
}

/** The proxy itself, where the first argument is missing and may be. */
const defaultReference = (type: ArgumentType, { proxy }: ArgumentScope): Argument | undefined => {
  if (!proxy) return undefined
  const isUsable =
    (type === 'frontend' && proxy.frontend) ||
    (type === 'backend' && proxy.backend) ||
    (type === 'table' && proxy.config.table !== undefined)
  return isUsable ? { type: 'reference', to: type, name: proxy.name } : undefined
}

/**
 * Reads the arguments of a fetch or a converter.
 * @param first the position of the first one
 * @throws a Lua error with HAProxy's message if they do not fit
 */
export const readArguments = (
  L: lua_State,
  first: number,
  { least, types }: Signature,
  keyword: SampleKeyword,
  scope: ArgumentScope,
): readonly Argument[] => {
  const count = Math.min(argumentCount(L) - first + 1, MOST_ARGUMENTS)
  const args: Argument[] = []
  const fail = (text: string): never => luaL_argerror(L, first + args.length, luaString(text))
  while (args.length < count) {
    const type = types[args.length]
    if (type === undefined) return fail('Last argument expected')
    const converted = convert(passed(argument(L, first + args.length)), type, scope)
    if (converted instanceof ArgumentProblem) return fail(converted.text)
    args.push(converted)
  }
  if (args.length < least) {
    const byDefault = args.length === 0 ? defaultReference(types[0]!, scope) : undefined
    if (!byDefault) return fail('Mandatory argument expected')
    args.push(byDefault)
  }
  const checked = keyword.check?.(args)
  if (typeof checked === 'string') {
    push(L, `error in arguments: ${checked}`)
    return lua_error(L) as never
  }
  return checked?.args ?? args
}
