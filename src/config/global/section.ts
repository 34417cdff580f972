/** The section `global` (cfg_parse_global in src/cfgparse-global.c). */
import { MILLISECOND } from '../../engine/clock.js'
import { atol } from '../../bytes/integers.js'
import { findBestMatch } from '../syntax/best-match.js'
import { areaOfGlobal } from '../known/areas.js'
import { BUILTIN_GLOBAL } from '../known/builtin.js'
import { REGISTERED_GLOBAL } from '../known/registered.js'
import { SILENT_GLOBAL } from '../known/silent.js'
import { SUGGESTED_GLOBAL } from '../known/suggestions.js'
import { GLOBAL_TLS_KEYWORDS } from './tls.js'
import { HEADER_CASE_KEYWORDS, loadHeaderCases } from './header-case.js'
import { HTTP_CLIENT_KEYWORDS } from './http-client.js'
import { IDENTITY_KEYWORDS } from './identity.js'
import { checkClientResolvers, checkClientTls } from '../internal-proxies.js'
import type { Section } from '../section.js'
import { readDiscoveryLine, readEnvironmentLine } from './early-keywords.js'
import type { Line } from '../syntax/line.js'
import { readLogLine } from '../proxy/log.js'
import { LUA_KEYWORDS } from './lua.js'
import type { LineResult, ParseContext, SectionParser } from '../parse-context.js'
import { readStatsLine } from './stats.js'
import { checkThreads } from './threads.js'
import { readNumber } from './numbers.js'
import { readUnixBind } from './unix-bind.js'
import { VARIABLE_KEYWORDS } from './variables.js'
import { EXPERIMENTAL_GLOBAL, GLOBAL_CHECKS } from '../values/global/index.js'
import { isDurationError, parseDuration, parseInteger } from '../syntax/units.js'

const MAX_THREADS = 1024

/** Parses a line. If the result is not `ok`, the error has been reported. */
type Keyword = (context: ParseContext, line: Line) => LineResult

const read: SectionParser = (context, line) => {
  const name = line.at(0)
  const outcome = readEnvironmentLine(context, line)
  if (outcome) return outcome
  const keyword = KEYWORDS.get(name)
  if (keyword) return keyword(context, line)
  const lua = LUA_KEYWORDS.get(name)
  if (lua) {
    const problem = lua(context, line)
    return problem === undefined ? 'ok' : context.alert(line, problem)
  }
  if (EXPERIMENTAL_GLOBAL.has(name) && !context.allowsExperimental(line)) return 'fatal'
  const check = GLOBAL_CHECKS.get(name)
  if (check === undefined && KNOWN.has(name)) context.markUnparsed(line)
  const result = check?.(context, line) ?? 'ok'
  if (result !== 'ok') return result
  const isEmulated = readNumber(context.global, name, line.at(1))
  if (SILENT_GLOBAL.has(name)) return context.ignoreSilently(line)
  if (isEmulated) return 'ok'
  if (KNOWN.has(name)) return context.notEmulated(line, `'${name}'`, areaOfGlobal(name))
  return unknownKeyword(context, line)
}

const KNOWN: ReadonlySet<string> = new Set([...REGISTERED_GLOBAL, ...BUILTIN_GLOBAL])

const unknownKeyword = (context: ParseContext, line: Line): LineResult => {
  const name = line.at(0)
  const best = findBestMatch(name, SUGGESTED_GLOBAL)
  const hint = best === undefined ? '' : `; did you mean '${best}' maybe ?`
  return context.alert(line, `unknown keyword '${name}' in 'global' section${hint}`)
}

/** A keyword with one argument, passed to `then`; `missing` is the error without it. */
const oneWord =
  (
    missing: string,
    then: (context: ParseContext, line: Line, word: string) => LineResult,
    withoutSpace = false,
  ): Keyword =>
  (context, line) => {
    if (context.tooManyWords(line, 1)) return 'fatal'
    const word = line.at(1)
    if (word !== '') return then(context, line, word)
    const message = `'${line.at(0)}' ${missing}`
    return withoutSpace ? context.alertWithoutSpace(line, message) : context.alert(line, message)
  }

/** Reports a duplicate keyword: an alert that does not prevent startup. */
const alreadySpecified = (context: ParseContext, line: Line): 'ok' => {
  context.nonFatalAlert(
    line,
    `config : parsing [${line.file}:${line.line}] : '${line.at(0)}' already specified. Continuing.`,
  )
  return 'ok'
}

/** The section `global`. */
export const GLOBAL_SECTION: Section = {
  keyword: 'global',
  read: (context, line) => read(context, line),
  discover: (context, line) => readDiscoveryLine(context, line),
  checkFirst: (context, diagnostics) => {
    checkClientTls(context, diagnostics)
    checkThreads(context, diagnostics)
  },
  check: checkClientResolvers,
  checkLast: loadHeaderCases,
}

const begin: Keyword = (context, line) => (context.tooManyWords(line, 0) ? 'fatal' : 'ok')

const nbthread: Keyword = (context, line) => {
  if (context.tooManyWords(line, 1)) return 'fatal'
  if (context.pastGlobal)
    return context.alert(
      line,
      `'${line.at(0)}' not allowed if a non-global section was previously defined. ` +
        'This parameter must be declared in the first global section',
    )
  const count = line.at(1) === '' ? { unexpected: '' } : parseInteger(line.at(1))
  if (typeof count !== 'number')
    return context.alert(line, `'${line.at(0)}' passed a missing or unparsable integer value in '${line.at(1)}'`)
  if (count < 1 || count > MAX_THREADS)
    return context.alert(line, `'${line.at(0)}' value must be between 1 and ${MAX_THREADS} (was ${count})`)
  context.global.nbthread = count
  return 'ok'
}

const maxconn: Keyword = (context, line) => {
  if (context.tooManyWords(line, 1)) return 'fatal'
  if ((context.global.maxconn ?? 0) !== 0) return alreadySpecified(context, line)
  if (line.at(1) === '') return context.alert(line, `'${line.at(0)}' expects an integer argument.`)
  const count = parseInteger(line.at(1))
  if (typeof count !== 'number')
    return context.alert(line, `cannot parse '${line.at(0)}' value '${line.at(1)}', an integer is expected.`)
  context.global.maxconn = count
  return 'ok'
}

const node: Keyword = (context, line) => {
  if (context.tooManyWords(line, 1)) return 'fatal'
  if (!/^[A-Za-z0-9_.-]+$/.test(line.at(1)))
    return context.alertWithoutSpace(
      line,
      `'${line.at(0)}' requires valid node name - non-empty string with digits(0-9), letters(A-Z, a-z), ` +
        'dot(.), hyphen(-) or underscode(_).',
    )
  context.global.node = line.at(1)
  return 'ok'
}

const description: Keyword = (context, line) => {
  if (line.at(1) === '') return context.alertWithoutSpace(line, `'${line.at(0)}' expects a string argument.`)
  context.global.description = line.from(1).join(' ')
  return 'ok'
}

const log: Keyword = (context, line) => {
  const targets = readLogLine(context, line, context.global.logs, undefined)
  if (typeof targets === 'string') return context.alert(line, `log : ${targets}`)
  context.global.logs = [...targets]
  return 'ok'
}

const logSendHostname: Keyword = (context, line) => {
  if (context.global.logSendHostname !== undefined) return alreadySpecified(context, line)
  context.global.logSendHostname = line.at(1)
  return 'ok'
}

const spreadChecks: Keyword = (context, line) => {
  if (context.tooManyWords(line, 1)) return 'fatal'
  const { global } = context
  if (global.spreadChecks !== 0) {
    const text = `config : parsing [${line.file}:${line.line}]: spread-checks already specified. Continuing.`
    context.nonFatalAlert(line, text)
    return 'ok'
  }
  if (line.at(1) === '') return context.alertWithoutSpace(line, `'${line.at(0)}' expects an integer argument (0..50).`)
  global.spreadChecks = atol(line.at(1))
  if (global.spreadChecks >= 0 && global.spreadChecks <= 50) return 'ok'
  return context.alertWithoutSpace(line, "'spread-checks' needs a positive value in range 0..50.")
}

const maxSpreadChecks = oneWord(
  'expects an integer argument (0..50).',
  (context, line, word) => {
    const parsed = parseDuration(word)
    if (!isDurationError(parsed)) {
      context.global.maxSpreadChecks = parsed.value
      return 'ok'
    }
    const what = `in argument <${word}> to <${line.at(0)}>`
    if (parsed === 'overflow')
      return context.alertWithoutSpace(line, `timer overflow ${what}, maximum value is 2147483647 ms (~24.8 days).`)
    if (parsed === 'underflow')
      return context.alertWithoutSpace(line, `timer underflow ${what}, minimum non-null value is 1 ms.`)
    return context.alertWithoutSpace(
      line,
      `unsupported character '${parsed.unexpected}' in '${line.at(0)}' (wants an integer delay).`,
    )
  },
  true,
)

const stopDelay =
  (name: 'graceDelay' | 'hardStopAfter'): Keyword =>
  (context, line) => {
    const [keyword, word] = [line.at(0), line.at(1)]
    if (word === '') return context.alert(line, `'${keyword}' expects <time> as argument.\n`)
    const parsed = parseDuration(word)
    const what = `in argument '${word}' to '${keyword}'`
    if (parsed === 'overflow')
      return context.alert(line, `timer overflow ${what} (maximum value is 2147483647 ms or ~24.8 days)`)
    if (parsed === 'underflow') return context.alert(line, `timer underflow ${what} (minimum non-null value is 1 ms)`)
    if ('unexpected' in parsed)
      return context.alert(line, `unexpected character '${parsed.unexpected}' in argument to <${keyword}>.\n`)
    context.global[name] = parsed.value
    return 'ok'
  }

const MAX_WARNING_DELAY = 1000 * MILLISECOND

/** `wdt_parse_warn_blocked` in src/wdt.c. */
const warnBlockedTrafficAfter: Keyword = (context, line) => {
  const [keyword, word] = [line.at(0), line.at(1)]
  if (word === '') return context.alert(line, `'${keyword}' expects <time> as argument between 1 and 1000 ms.\n`)
  const parsed = parseDuration(word)
  const what = `in argument '${word}' to '${keyword}'`
  if (parsed === 'overflow') return context.alert(line, `timer overflow ${what} (maximum value is 1000 ms)`)
  if (parsed === 'underflow') return context.alert(line, `timer underflow ${what} (minimum value is 1 ms)`)
  if ('unexpected' in parsed)
    return context.alert(line, `unexpected character '${parsed.unexpected}' in argument to <${keyword}>.\n`)
  if (parsed.value > MAX_WARNING_DELAY || parsed.value < MILLISECOND)
    return context.alert(line, `timer out of range ${what} (value must be between 1 and 1000 ms)`)
  context.global.warnBlockedTrafficAfter = parsed.value
  return 'ok'
}

const externalCheck: Keyword = (context, line) => {
  if (context.tooManyWords(line, 1)) return 'fatal'
  const word = line.at(1)
  if (word !== '' && word !== 'preserve-env')
    return context.alert(line, `'external-check' only supports 'preserve-env' as an argument, found '${word}'.`)
  context.global.externalCheck = word === '' ? 'clean-env' : word
  return 'ok'
}

const exposeExperimental: Keyword = (context, line) => {
  if (context.tooManyWords(line, 0)) return 'fatal'
  context.global.allowsExperimental = true
  return 'ok'
}

const insecureFork: Keyword = (context, line) => {
  if (context.tooManyWords(line, 0)) return 'fatal'
  context.global.insecureFork = line.modifier === 'set'
  return 'ok'
}

/** There is no QUIC to be switched off, but the fetch `quic_enabled` tells. */
const noQuic: Keyword = (context, line) => {
  if (context.tooManyWords(line, 0)) return 'fatal'
  context.global.noQuic = true
  return context.ignoreSilently(line)
}

const strictLimits: Keyword = (context, line) => {
  if (context.tooManyWords(line, 0)) return 'fatal'
  if (line.modifier === 'no') context.global.strictLimits = false
  return 'ok'
}

const serverStatePath =
  (name: 'serverStateFile' | 'serverStateBase', missing: string): Keyword =>
  (context, line) => {
    const { global } = context
    if (global[name] !== undefined) return alreadySpecified(context, line)
    if (line.at(1) === '') return context.alert(line, `'${line.at(0)}' ${missing}`)
    global[name] = line.at(1)
    return 'ok'
  }

const defaultPath: Keyword = (context, line) => {
  const problem = context.defaultPath.set(line.file, line.from(1))
  if (problem !== undefined) return context.alert(line, problem)
  context.options.certificates?.setBaseDirectory?.(context.defaultPath.directory)
  return 'ok'
}

/** The emulated keywords of `global`. */
export const globalKeywords = (): readonly string[] => [...KEYWORDS.keys(), ...LUA_KEYWORDS.keys()]

const anonkey: Keyword = (context, line) => {
  const value = line.at(1)
  if (value === '') return context.alertWithoutSpace(line, "a key is expected after 'anonkey'.")
  const key = atol(value)
  if (context.usedOnce.has('anonkey')) return context.ignoreSilently(line)
  if (key < 0 || key > 0xffffffff)
    return context.alertWithoutSpace(line, `'anonkey' value must be within range 0-4294967295 (was '${value}').`)
  if (key !== 0) context.usedOnce.add('anonkey')
  return context.ignoreSilently(line)
}

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ['global', begin],
  ['anonkey', anonkey],
  ['nbthread', nbthread],
  ['maxconn', maxconn],
  ['strict-limits', strictLimits],
  ['no-quic', noQuic],
  ['node', node],
  ['description', description],
  ['log', log],
  ['log-send-hostname', logSendHostname],
  ['spread-checks', spreadChecks],
  ['max-spread-checks', maxSpreadChecks],
  ['grace', stopDelay('graceDelay')],
  ['hard-stop-after', stopDelay('hardStopAfter')],
  ['warn-blocked-traffic-after', warnBlockedTrafficAfter],
  ['stats', readStatsLine],
  ['external-check', externalCheck],
  ['expose-experimental-directives', exposeExperimental],
  ['insecure-fork-wanted', insecureFork],
  ...GLOBAL_TLS_KEYWORDS,
  ...HEADER_CASE_KEYWORDS,
  ...HTTP_CLIENT_KEYWORDS,
  ...IDENTITY_KEYWORDS,
  ...VARIABLE_KEYWORDS,
  ['unix-bind', readUnixBind],
  ['default-path', defaultPath],
  ['server-state-file', serverStatePath('serverStateFile', 'expect one argument: a file path.')],
  ['server-state-base', serverStatePath('serverStateBase', 'expects one argument: a directory path.')],
  [
    'log-tag',
    oneWord('expects a tag for use in syslog.', (context, _, word) => {
      context.global.logTag = word
      return 'ok'
    }),
  ],
  [
    'nbproc',
    (context, line) =>
      context.alert(
        line,
        'nbproc is not supported any more since HAProxy 2.5. Threads will automatically be used on ' +
          'multi-processor machines if available.',
      ),
  ],
])
