/** The section `spoe-agent` (`cfg_parse_spoe_agent`, src/flt_spoe.c). */
import { atol } from '../../../bytes/integers.js'
import type { LineResult, ParseContext } from '../../parse-context.js'
import { readLogLine } from '../../proxy/log.js'
import type { Line } from '../../syntax/line.js'
import { isDurationError, parseDuration, trailingUnitText } from '../../syntax/units.js'
import type { SpoeAgentDraft, SpoeFileDraft } from './draft.js'
import { readSectionName, readUsedNames } from './names.js'

type Keyword = (context: ParseContext, line: Line, file: SpoeFileDraft, agent: SpoeAgentDraft) => LineResult

/** `SPOP_MIN_FRAME_SIZE` */
const MIN_FRAME_SIZE = 256
/** bytes before each frame */
const LENGTH_SIZE = 4

/** Reads a line of the section, the first one included. */
export const readAgent = (context: ParseContext, line: Line, file: SpoeFileDraft): LineResult => {
  const keyword = line.at(0)
  if (keyword === 'spoe-agent') return beginAgent(context, line, file)
  const read = KEYWORDS.get(keyword)
  if (!read) return context.alert(line, `unknown keyword '${keyword}' in spoe-agent section.`)
  return file.agent ? read(context, line, file, file.agent) : 'ok'
}

const beginAgent = (context: ParseContext, line: Line, file: SpoeFileDraft): LineResult => {
  const name = readSectionName(context, line)
  if (name === undefined) return 'abort'
  if (file.agent) {
    context.alert(line, 'another spoe-agent section previously defined.')
    return 'abort'
  }
  file.agent = {
    name,
    place: line.place,
    backend: undefined,
    maxFrameSize: context.global.bufsize - LENGTH_SIZE,
    processingTimeout: undefined,
    pipelining: true,
    continueOnError: false,
    forceSetVar: false,
    variablePrefix: undefined,
    errorVariable: undefined,
    processTimeVariable: undefined,
    totalTimeVariable: undefined,
  }
  return 'ok'
}

const useBackend: Keyword = (context, line, _file, agent) => {
  if (line.at(1) === '') return context.alert(line, `'${line.at(0)}' expects a backend name.`)
  if (context.tooManyWords(line, 1)) return 'fatal'
  agent.backend = line.at(1)
  return 'ok'
}

const timeout: Keyword = (context, line, _file, agent) => {
  const [name, text] = [line.at(1), line.at(2)]
  if (name === '') return context.alert(line, "'timeout' expects 'hello', 'idle' and 'processing'.")
  if (context.tooManyWords(line, 2)) return 'fatal'
  // of earlier versions of the protocol, without effect
  if (name === 'hello' || name === 'idle') return 'ok'
  if (name !== 'processing') return context.alert(line, `'timeout' supports 'processing' (got ${name}).`)
  if (text === '') return context.alert(line, `'timeout ${name}' expects an integer value (in milliseconds).`)
  const parsed = parseDuration(text)
  const what = `in argument <${text}> to <timeout ${name}>`
  if (parsed === 'overflow')
    return context.alertWithoutSpace(line, `timer overflow ${what}, maximum value is 2147483647 ms (~24.8 days).`)
  if (parsed === 'underflow')
    return context.alertWithoutSpace(line, `timer underflow ${what}, minimum non-null value is 1 ms.`)
  if (isDurationError(parsed))
    return context.alert(line, `unexpected character '${parsed.unexpected}' in 'timeout ${name}'.`)
  if (parsed.trailing !== '')
    context.main.add('warning', `config : ${trailingUnitText(text, parsed.trailing)}`, line.place)
  agent.processingTimeout = parsed.value === 0 ? undefined : parsed.value
  return 'ok'
}

type Switch = (file: SpoeFileDraft, agent: SpoeAgentDraft, on: boolean) => void

/** Options that `no` negates; the functions set them. */
const SWITCHES: ReadonlyMap<string, Switch> = new Map<string, Switch>([
  ['pipelining', (_file, agent, on) => void (agent.pipelining = on)],
  // of earlier versions of the protocol, without effect
  ['async', () => undefined],
  ['send-frag-payload', () => undefined],
  ['dontlog-normal', (file, _agent, on) => void (file.logsErrorsOnly = on)],
])

/** Options without a value. */
const FLAGS: ReadonlyMap<string, 'forceSetVar' | 'continueOnError'> = new Map([
  ['force-set-var', 'forceSetVar'],
  ['continue-on-error', 'continueOnError'],
])

/** Options with a part of the names of variables. */
const NAMES: ReadonlyMap<string, 'variablePrefix' | 'errorVariable' | 'processTimeVariable' | 'totalTimeVariable'> =
  new Map([
    ['var-prefix', 'variablePrefix'],
    ['set-on-error', 'errorVariable'],
    ['set-process-time', 'processTimeVariable'],
    ['set-total-time', 'totalTimeVariable'],
  ])

/** Whether the text can be a part of the name of a variable. */
export const isVariablePart = (text: string): boolean => /^[A-Za-z0-9_.]*$/.test(text)

const option: Keyword = (context, line, file, agent) => {
  const name = line.at(1)
  if (name === '') return context.alertWithoutSpace(line, `'${line.at(0)}' expects an option name.`)
  const set = SWITCHES.get(name)
  if (set) {
    if (context.tooManyWords(line, 1)) return 'fatal'
    set(file, agent, line.modifier !== 'no')
    return 'ok'
  }
  if (line.modifier === 'no') return context.alertWithoutSpace(line, `negation is not supported for option '${name}'.`)
  const flag = FLAGS.get(name)
  if (flag) {
    if (context.tooManyWords(line, 1)) return 'fatal'
    agent[flag] = true
    return 'ok'
  }
  const variable = NAMES.get(name)
  if (!variable) return context.alertWithoutSpace(line, `option '${name}' is not supported.`)
  const value = line.at(2)
  const title = `'${line.at(0)} ${name}'`
  if (value === '') return context.alertWithoutSpace(line, `${title} expects a value.`)
  if (context.tooManyWords(line, 2)) return 'fatal'
  if (!isVariablePart(value)) return context.alertWithoutSpace(line, `${title} only supports [a-zA-Z0-9_.] chars.`)
  agent[variable] = value
  return 'ok'
}

/** Limits of earlier versions of the protocol, without effect. */
const ignoredLimit =
  (maxWords?: number): Keyword =>
  (context, line) => {
    if (line.at(1) === '') return context.alert(line, `'${line.at(0)}' expects an integer argument.`)
    return maxWords !== undefined && context.tooManyWords(line, maxWords) ? 'fatal' : 'ok'
  }

const maxFrameSize: Keyword = (context, line, _file, agent) => {
  if (line.at(1) === '') return context.alert(line, `'${line.at(0)}' expects an integer argument.`)
  if (context.tooManyWords(line, 1)) return 'fatal'
  const max = context.global.bufsize - LENGTH_SIZE
  const size = atol(line.at(1))
  if (size < MIN_FRAME_SIZE || size > max)
    return context.alert(
      line,
      `'${line.at(0)}' expects a positive integer argument in the range [${MIN_FRAME_SIZE}, ${max}].`,
    )
  agent.maxFrameSize = size
  return 'ok'
}

const registerNames: Keyword = (context, line, file) => {
  if (line.at(1) === '') return context.alert(line, `'${line.at(0)}' expects one or more variable names.`)
  file.variables.push(...line.from(1))
  return 'ok'
}

const log: Keyword = (context, line, file) => {
  const targets = readLogLine(context, line, file.logs, context.global.logs)
  if (typeof targets === 'string') return context.alert(line, `${line.at(0)} : ${targets}`)
  file.logs = targets
  return 'ok'
}

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map([
  ['use-backend', useBackend],
  ['messages', (context, line, file) => readUsedNames(context, line, file.usedMessages, 'spoe-message')],
  ['groups', (context, line, file) => readUsedNames(context, line, file.usedGroups, 'spoe-group')],
  ['timeout', timeout],
  ['option', option],
  ['maxconnrate', ignoredLimit()],
  ['maxerrrate', ignoredLimit()],
  ['max-frame-size', maxFrameSize],
  ['max-waiting-frames', ignoredLimit(1)],
  ['register-var-names', registerNames],
  ['log', log],
])
