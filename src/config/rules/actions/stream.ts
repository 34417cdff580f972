/**
 * Settings of a stream: `set-log-level`, `set-nice`, `set-retries`, `switch-mode` (src/stream.c), `set-priority-class` and
 * `set-priority-offset` (src/queue.c), `do-log` (src/log.c), `disable-l7-retry`, `wait-for-handshake`, `strict-mode`, `pause`.
 */
import { atoi } from '../../../bytes/integers.js'
import type { Action } from '../../model/rules.js'
import { hasBackend, hasFrontend, proxyTypeName } from '../../proxy/draft.js'
import type { SampleExpression } from '../../samples/expression.js'
import { logLevelOf } from '../../proxy/log.js'
import type { ActionKeyword } from './action.js'
import { numberOrExpression, wholeNumber, type NumberOrExpression } from './values.js'

/** The level of the log line; `silent`: none is written. */
export interface LogLevelAction extends Action {
  readonly kind: 'set-log-level'
  readonly level: number | 'silent'
}

/** The priority of the stream's task, -1024 to 1024. */
export interface NiceAction extends Action {
  readonly kind: 'set-nice'
  readonly nice: number
}

export interface RetriesAction extends Action {
  readonly kind: 'set-retries'
  readonly retries: NumberOrExpression
}

/** The class in queues, or what is added to the time of waiting. */
export interface PriorityAction extends Action {
  readonly kind: 'set-priority-class' | 'set-priority-offset'
  readonly value: SampleExpression
}

/** The stream continues in mode HTTP. */
export interface SwitchModeAction extends Action {
  readonly kind: 'switch-mode'
  /** `proto` */
  readonly protocol: string | undefined
}

/** Writes a log line at once. */
export interface DoLogAction extends Action {
  readonly kind: 'do-log'
}

/** Actions without arguments. */
export interface PlainAction extends Action {
  readonly kind: 'disable-l7-retry' | 'wait-for-handshake'
}

/** Whether rewrites that fail end the request with an error. */
export interface StrictModeAction extends Action {
  readonly kind: 'strict-mode'
  readonly enabled: boolean
}

const setLogLevel: ActionKeyword = {
  names: ['set-log-level'],
  read: (reader): LogLevelAction => {
    const text = reader.next()
    const level = text === 'silent' ? text : logLevelOf(text)
    if (level === -1) return reader.fail("expects exactly 1 argument (log level name or 'silent')")
    return { kind: 'set-log-level', level }
  },
}

const setNice: ActionKeyword = {
  names: ['set-nice'],
  read: (reader): NiceAction => {
    const text = reader.next()
    if (text === '') reader.fail('expects exactly 1 argument (integer value)')
    return { kind: 'set-nice', nice: Math.min(1024, Math.max(-1024, atoi(text))) }
  },
}

const setRetries: ActionKeyword = {
  names: ['set-retries'],
  read: (reader): RetriesAction => {
    const { proxy, word } = reader
    if (word === '') reader.fail('expects exactly 1 argument (an expression or an integer between 1 and 100)')
    if (!hasBackend(proxy)) reader.fail(`'${reader.argument(0)}' only available in backend or listen section`)
    if (proxy.kind === 'defaults') reader.fail(`'${reader.argument(0)}' is not allowed in 'defaults' sections`)
    const number = wholeNumber(word)
    if (number !== undefined && (number < 0 || number > 100))
      reader.fail('expects an expression or an integer between 1 and 100')
    return { kind: 'set-retries', retries: numberOrExpression(reader, { places: reader.requestPlaces }) }
  },
}

const setPriority: ActionKeyword = {
  names: ['set-priority-class', 'set-priority-offset'],
  read: (reader): PriorityAction => ({
    kind: reader.name as PriorityAction['kind'],
    value: reader.availableExpression({ places: reader.requestPlaces, shown: reader.argument(0) }),
  }),
}

const PROTOCOLS: ReadonlyMap<string, boolean> = new Map([
  ['h2', true],
  ['h1', true],
  ['none', false],
  ['fcgi', false],
  ['spop', false],
  ['quic', false],
])

const switchMode: ActionKeyword = {
  names: ['switch-mode'],
  read: (reader): SwitchModeAction => {
    const { proxy } = reader
    const title = `'${reader.argument(0)} ${reader.name}'`
    const mode = reader.next()
    if (mode === '') reader.fail(`${title} expects a mode as argument.`)
    if (!hasFrontend(proxy))
      reader.fail(`${title} not allowed because ${proxyTypeName(proxy)} '${proxy.name}' has no frontend capability`)
    if (mode !== 'http') reader.fail(`${title} expects a valid mode (got '${mode}').`)
    reader.proxy.traffic.switchesMode = true
    if (reader.word !== 'proto') return { kind: 'switch-mode', protocol: undefined }
    reader.next()
    const protocol = reader.next()
    if (protocol === '') reader.fail(`${title}: 'proto' expects a protocol as argument.`)
    if (!PROTOCOLS.has(protocol))
      reader.fail(`${title}: 'proto' expects a valid MUX protocol, if specified (got '${protocol}')`)
    return { kind: 'switch-mode', protocol }
  },
  check: ({ action }) => {
    const { protocol } = action as SwitchModeAction
    if (protocol === undefined || PROTOCOLS.get(protocol)) return undefined
    return `MUX protocol '${protocol}' is not compatible with the selected mode`
  },
}

const doLog: ActionKeyword = { names: ['do-log'], read: (): DoLogAction => ({ kind: 'do-log' }) }

const plain: ActionKeyword = {
  names: ['disable-l7-retry', 'wait-for-handshake'],
  read: (reader): PlainAction => ({ kind: reader.name as PlainAction['kind'] }),
}

const strictMode: ActionKeyword = {
  names: ['strict-mode'],
  read: (reader): StrictModeAction => {
    const text = reader.next()
    if (text === '') reader.fail('expects exactly 1 arguments')
    if (text.toLowerCase() !== 'on' && text.toLowerCase() !== 'off')
      reader.fail(`Unexpected value '${text}'. Only 'on' and 'off' are supported`)
    return { kind: 'strict-mode', enabled: text.toLowerCase() === 'on' }
  },
}

export const STREAM_ACTIONS = [setLogLevel, setNice, setRetries, setPriority, switchMode, doLog, plain, strictMode]
