/** The section `global` (cfg_parse_global in src/cfgparse-global.c). */
import { atol } from '../../bytes/integers.js'
import { findBestMatch } from '../syntax/best-match.js'
import { areaOfGlobal } from '../known/areas.js'
import { BUILTIN_GLOBAL } from '../known/builtin.js'
import { REGISTERED_GLOBAL } from '../known/registered.js'
import { SILENT_GLOBAL } from '../known/silent.js'
import { GLOBAL_TLS_KEYWORDS } from './tls.js'
import { IDENTITY_KEYWORDS } from './identity.js'
import type { Line } from '../syntax/line.js'
import { readLogLine } from '../proxy/log.js'
import { LUA_KEYWORDS } from './lua.js'
import type { LineResult, Reading, SectionReader } from '../reading.js'
import { readStatsLine } from './stats.js'
import { readUnixBind } from './unix-bind.js'
import { GLOBAL_VALUES } from '../values/global.js'
import { isDurationError, parseDuration, parseInteger } from '../syntax/units.js'

const MAX_THREADS = 1024

/** A keyword's reader. It has said what is wrong when it returns anything but `ok`. */
type Keyword = (reading: Reading, line: Line) => LineResult

export const readGlobalLine: SectionReader = (reading, line) => {
  const name = line.at(0)
  const keyword = KEYWORDS.get(name)
  if (keyword) return keyword(reading, line)
  const lua = LUA_KEYWORDS.get(name)
  if (lua) {
    const problem = lua(reading, line)
    return problem === undefined ? 'ok' : reading.alert(line, problem)
  }
  const problem = GLOBAL_VALUES.get(name)?.(name, line.from(1))
  if (problem !== undefined) return reading.alert(line, problem)
  if (!GLOBAL_VALUES.has(name) && KNOWN.has(name)) reading.markUnparsed(line)
  if (SILENT_GLOBAL.has(name)) return reading.ignoreSilently(line)
  if (KNOWN.has(name)) return reading.notEmulated(line, `'${name}'`, areaOfGlobal(name))
  return unknownKeyword(reading, line)
}

const KNOWN: ReadonlySet<string> = new Set([...REGISTERED_GLOBAL, ...BUILTIN_GLOBAL])

const unknownKeyword = (reading: Reading, line: Line): LineResult => {
  const name = line.at(0)
  const best = findBestMatch(name, [...REGISTERED_GLOBAL, ...BUILTIN_GLOBAL])
  const hint = best === undefined ? '' : `; did you mean '${best}' maybe ?`
  return reading.alert(line, `unknown keyword '${name}' in 'global' section${hint}`)
}

/** A keyword with one word after it; `then` gets it, `missing` is what HAProxy says without it. */
const oneWord =
  (missing: string, then: (reading: Reading, line: Line, word: string) => LineResult, withoutSpace = false): Keyword =>
  (reading, line) => {
    if (reading.tooManyWords(line, 1)) return 'fatal'
    const word = line.at(1)
    if (word !== '') return then(reading, line, word)
    const message = `'${line.at(0)}' ${missing}`
    return withoutSpace ? reading.alertWithoutSpace(line, message) : reading.alert(line, message)
  }

/** `already specified. Continuing.`, an alert that HAProxy starts in spite of. */
const alreadySpecified = (reading: Reading, line: Line): 'ok' => {
  reading.nonFatalAlert(
    line,
    `config : parsing [${line.file}:${line.line}] : '${line.at(0)}' already specified. Continuing.`,
  )
  return 'ok'
}

const begin: Keyword = (reading, line) => (reading.tooManyWords(line, 0) ? 'fatal' : 'ok')

const nbthread: Keyword = (reading, line) => {
  if (reading.tooManyWords(line, 1)) return 'fatal'
  if (reading.pastGlobal)
    return reading.alert(
      line,
      `'${line.at(0)}' not allowed if a non-global section was previously defined. ` +
        'This parameter must be declared in the first global section',
    )
  const count = line.at(1) === '' ? { unexpected: '' } : parseInteger(line.at(1))
  if (typeof count !== 'number')
    return reading.alert(line, `'${line.at(0)}' passed a missing or unparsable integer value in '${line.at(1)}'`)
  if (count < 1 || count > MAX_THREADS)
    return reading.alert(line, `'${line.at(0)}' value must be between 1 and ${MAX_THREADS} (was ${count})`)
  reading.global.nbthread = count
  return 'ok'
}

const maxconn: Keyword = (reading, line) => {
  if (reading.tooManyWords(line, 1)) return 'fatal'
  if ((reading.global.maxconn ?? 0) !== 0) return alreadySpecified(reading, line)
  if (line.at(1) === '') return reading.alert(line, `'${line.at(0)}' expects an integer argument.`)
  const count = parseInteger(line.at(1))
  if (typeof count !== 'number')
    return reading.alert(line, `cannot parse '${line.at(0)}' value '${line.at(1)}', an integer is expected.`)
  reading.global.maxconn = count
  return 'ok'
}

const node: Keyword = (reading, line) => {
  if (reading.tooManyWords(line, 1)) return 'fatal'
  if (!/^[A-Za-z0-9_.-]+$/.test(line.at(1)))
    return reading.alertWithoutSpace(
      line,
      `'${line.at(0)}' requires valid node name - non-empty string with digits(0-9), letters(A-Z, a-z), ` +
        'dot(.), hyphen(-) or underscode(_).',
    )
  reading.global.node = line.at(1)
  return 'ok'
}

const description: Keyword = (reading, line) => {
  if (line.at(1) === '') return reading.alertWithoutSpace(line, `'${line.at(0)}' expects a string argument.`)
  reading.global.description = line.from(1).join(' ')
  return 'ok'
}

const log: Keyword = (reading, line) => {
  const targets = readLogLine(reading, line, reading.global.logs, undefined)
  if (typeof targets === 'string') return reading.alert(line, `log : ${targets}`)
  reading.global.logs = [...targets]
  return 'ok'
}

const logSendHostname: Keyword = (reading, line) => {
  if (reading.global.logSendHostname !== undefined) return alreadySpecified(reading, line)
  reading.global.logSendHostname = line.at(1)
  return 'ok'
}

const spreadChecks: Keyword = (reading, line) => {
  if (reading.tooManyWords(line, 1)) return 'fatal'
  const { global } = reading
  if (global.spreadChecks !== 0) {
    const text = `config : parsing [${line.file}:${line.line}]: spread-checks already specified. Continuing.`
    reading.nonFatalAlert(line, text)
    return 'ok'
  }
  if (line.at(1) === '') return reading.alertWithoutSpace(line, `'${line.at(0)}' expects an integer argument (0..50).`)
  global.spreadChecks = atol(line.at(1))
  if (global.spreadChecks >= 0 && global.spreadChecks <= 50) return 'ok'
  return reading.alertWithoutSpace(line, "'spread-checks' needs a positive value in range 0..50.")
}

const maxSpreadChecks = oneWord(
  'expects an integer argument (0..50).',
  (reading, line, word) => {
    const parsed = parseDuration(word)
    if (!isDurationError(parsed)) {
      reading.global.maxSpreadChecks = parsed.value
      return 'ok'
    }
    const what = `in argument <${word}> to <${line.at(0)}>`
    if (parsed === 'overflow')
      return reading.alertWithoutSpace(line, `timer overflow ${what}, maximum value is 2147483647 ms (~24.8 days).`)
    if (parsed === 'underflow')
      return reading.alertWithoutSpace(line, `timer underflow ${what}, minimum non-null value is 1 ms.`)
    return reading.alertWithoutSpace(
      line,
      `unsupported character '${parsed.unexpected}' in '${line.at(0)}' (wants an integer delay).`,
    )
  },
  true,
)

const stopDelay =
  (name: 'graceDelay' | 'hardStopAfter'): Keyword =>
  (reading, line) => {
    const [keyword, word] = [line.at(0), line.at(1)]
    if (word === '') return reading.alert(line, `'${keyword}' expects <time> as argument.\n`)
    const parsed = parseDuration(word)
    const what = `in argument '${word}' to '${keyword}'`
    if (parsed === 'overflow')
      return reading.alert(line, `timer overflow ${what} (maximum value is 2147483647 ms or ~24.8 days)`)
    if (parsed === 'underflow') return reading.alert(line, `timer underflow ${what} (minimum non-null value is 1 ms)`)
    if ('unexpected' in parsed)
      return reading.alert(line, `unexpected character '${parsed.unexpected}' in argument to <${keyword}>.\n`)
    reading.global[name] = parsed.value
    return 'ok'
  }

const externalCheck: Keyword = (reading, line) => {
  const word = line.at(1)
  if (word !== '' && word !== 'preserve-env')
    return reading.alert(line, `'external-check' only supports 'preserve-env' as an argument, found '${word}'.`)
  reading.global.externalCheck = word === '' ? 'clean-env' : word
  return 'ok'
}

const insecureFork: Keyword = (reading, line) => {
  if (reading.tooManyWords(line, 0)) return 'fatal'
  reading.global.insecureFork = line.modifier === 'set'
  return 'ok'
}

const strictLimits: Keyword = (reading, line) => {
  if (reading.tooManyWords(line, 0)) return 'fatal'
  if (line.modifier === 'no') reading.global.strictLimits = false
  return 'ok'
}

const serverStatePath =
  (name: 'serverStateFile' | 'serverStateBase', missing: string): Keyword =>
  (reading, line) => {
    const { global } = reading
    if (global[name] !== undefined) return alreadySpecified(reading, line)
    if (line.at(1) === '') return reading.alert(line, `'${line.at(0)}' ${missing}`)
    global[name] = line.at(1)
    return 'ok'
  }

const defaultPath: Keyword = (reading, line) => {
  const problem = reading.defaultPath.set(line.file, line.from(1))
  if (problem !== undefined) return reading.alert(line, problem)
  reading.options.certificates?.setBaseDirectory?.(reading.defaultPath.directory)
  return 'ok'
}

/** The keywords of `global` that are emulated. */
export const globalKeywords = (): readonly string[] => [...KEYWORDS.keys(), ...LUA_KEYWORDS.keys()]

const anonkey: Keyword = (reading, line) =>
  line.at(1) === ''
    ? reading.alertWithoutSpace(line, "a key is expected after 'anonkey'.")
    : reading.ignoreSilently(line)

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ['global', begin],
  ['anonkey', anonkey],
  ['nbthread', nbthread],
  ['maxconn', maxconn],
  ['strict-limits', strictLimits],
  ['node', node],
  ['description', description],
  ['log', log],
  ['log-send-hostname', logSendHostname],
  ['spread-checks', spreadChecks],
  ['max-spread-checks', maxSpreadChecks],
  ['grace', stopDelay('graceDelay')],
  ['hard-stop-after', stopDelay('hardStopAfter')],
  ['stats', readStatsLine],
  ['external-check', externalCheck],
  ['insecure-fork-wanted', insecureFork],
  ...GLOBAL_TLS_KEYWORDS,
  ...IDENTITY_KEYWORDS,
  ['unix-bind', readUnixBind],
  ['default-path', defaultPath],
  ['server-state-file', serverStatePath('serverStateFile', 'expect one argument: a file path.')],
  ['server-state-base', serverStatePath('serverStateBase', 'expects one argument: a directory path.')],
  [
    'log-tag',
    oneWord('expects a tag for use in syslog.', (reading, _, word) => {
      reading.global.logTag = word
      return 'ok'
    }),
  ],
  [
    'nbproc',
    (reading, line) =>
      reading.alert(
        line,
        'nbproc is not supported any more since HAProxy 2.5. Threads will automatically be used on ' +
          'multi-processor machines if available.',
      ),
  ],
])
