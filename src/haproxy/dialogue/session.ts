/**
 * One check as it is carried out: the rules of its program, followed one by one over the connections that they ask for
 * (`tcpcheck_main` in src/tcpcheck.c). A talk never holds more than HAProxy's buffer of what the server says.
 */
import { parseHex } from '../../config/syntax/bytes.js'
import type { ConnectRule } from '../../config/checks/rules.js'
import type { ConnectionEvents } from '../../net/network.js'
import { LOG_EMERG } from '../logs/logger.js'
import type { ProcessContext } from '../context.js'
import type { Proxy } from '../proxy/proxy.js'
import type { Server } from '../server/server.js'
import { ServerState } from '../server/status.js'
import { expectBytes, type Verdict } from './expect.js'
import { expectAnswer } from './expect-http.js'
import type { Finding } from './finding.js'
import { parseAnswer, type HttpAnswer } from './http-answer.js'
import { httpRequest } from './http-request.js'
import { failureText, statusCode, stepNumber, stepText, successText } from './messages.js'
import type { CustomPattern, Program, ProgramExpect, Rule } from './program.js'
import { asInteger, evaluate, formatText, str, type Sample, type SampleContext } from './samples.js'
import { STATUS, type CheckStatus } from './status.js'
import { Wire, type Progress, type Target } from './connection.js'

/** `tune.bufsize` */
const BUFFER_SIZE = 16384

/** On whose behalf a talk is held, and what it has to be told. */
export interface TalkOwner {
  readonly process: ProcessContext
  readonly proxy: Proxy
  readonly server: Server | undefined
  readonly events: ConnectionEvents
  target(rule: ConnectRule, port: number | undefined): Target
  /** a connection is asked for; the one before is closed */
  connecting(): void
  /** it is made */
  connected(): void
}

export class Talk {
  /** connections that were asked for, and the bytes received and sent over them, once it is closed */
  connections = 0
  bytesIn = 0
  bytesOut = 0
  readonly #variables: Map<string, Sample>
  #wire: Wire | undefined
  #input = ''
  #answer: HttpAnswer | undefined
  #code = 0
  /** the rule that is evaluated next */
  #at = 0
  /** the last rule that was begun, of those that count as steps */
  #step: Rule | undefined
  #failure: Finding | undefined

  constructor(
    readonly program: Program,
    readonly owner: TalkOwner,
  ) {
    this.#variables = new Map(program.variables)
  }

  get #context(): SampleContext {
    const { process, proxy, server } = this.owner
    return { process, proxy, server, variables: this.#variables, input: this.#input, answer: this.#answer }
  }

  /** Follows the rules as far as that is possible now. Returns what was found, undefined while more is to come. */
  advance(): Finding | undefined {
    const { rules } = this.program
    let mustRead = true
    let lastRead = false
    for (; this.#at < rules.length; this.#at++) {
      const rule = rules[this.#at]!
      let outcome: Progress = 'continue'
      this.#code = 0
      switch (rule.action) {
        case 'connect':
          outcome = this.#connect(rule)
          lastRead = false
          mustRead = this.#input === ''
          break
        case 'send':
        case 'http-send':
          outcome = this.#send(rule)
          mustRead = true
          break
        case 'expect':
          this.#step = rule
          if (mustRead) {
            const read = this.#receive()
            if (read === 'wait') return undefined
            if (read === 'stop') return this.#connectionError()
            lastRead = read === 'last'
            mustRead = false
          }
          outcome = this.#expect(rule, lastRead)
          break
        case 'variable':
          this.#setVariable(rule)
      }
      if (outcome === 'wait') return undefined
      if (outcome === 'stop') return this.#failure ?? this.#connectionError()
    }
    return this.#success()
  }

  /** Time is up: what is to be said of that. */
  expired(): Finding {
    const text = stepText(this.program, this.#step)
    if (!this.#wire?.established) return { status: STATUS.L4TOUT, info: text }
    if (this.#wire.isSecuring) return { status: STATUS.L6TOUT, info: text }
    const timeout = this.#step?.action === 'expect' ? this.#step.timeoutStatus : undefined
    return { status: timeout === undefined ? STATUS.L7TOUT : STATUS[timeout], code: this.#code, info: text }
  }

  /** Ends it. Servers that do not like resets are spared them. */
  close(): void {
    const wire = this.#wire
    this.#wire = undefined
    if (wire === undefined) return
    wire.close(this.program.rules.some((rule) => rule.action === 'connect' && rule.linger))
    this.connections++
    this.bytesIn += wire.bytesIn
    this.bytesOut += wire.bytesOut
  }

  #connect(rule: ConnectRule): Progress {
    if (this.#step !== rule || this.#wire === undefined) {
      this.close()
      this.#step = rule
      this.#input = ''
      this.#answer = undefined
      const target = this.owner.target(rule, this.#portOf(rule))
      this.owner.connecting()
      this.#wire = new Wire(this.owner.process.network, target, this.owner.events)
    }
    return this.#wire.open(() => this.owner.connected())
  }

  #portOf({ port, portExpression }: ConnectRule): number | undefined {
    if (port !== 0) return port
    const sample = portExpression && evaluate(portExpression, this.#context)
    return (sample && asInteger(sample)) || undefined
  }

  #connectionError(): Finding {
    if (this.#wire!.lacksDescriptor) sayLimitReached(this.owner)
    return this.#wire!.failure(stepText(this.program, this.#step), this.#code)
  }

  #fail(status: CheckStatus, info: string): 'stop' {
    this.#failure = { status, code: this.#code, info }
    return 'stop'
  }

  // sending

  #send(rule: Extract<Rule, { action: 'send' | 'http-send' }>): Progress {
    const wire = this.#wire!
    if (this.#step !== rule) {
      this.#step = rule
      this.#input = ''
      this.#answer = undefined
      const data = rule.action === 'http-send' ? httpRequest(rule, this.#context) : this.#dataOf(rule)
      const step = stepNumber(rule)
      if (data === undefined)
        return this.#fail(STATUS.L7RSP, `tcp-check send : failed to build log-format string at step ${step}`)
      if (data.length >= BUFFER_SIZE)
        return this.#fail(
          STATUS.L7RSP,
          `tcp-check send : string too large (${data.length}) for buffer size (${BUFFER_SIZE}) at step ${step}`,
        )
      wire.put(data)
    }
    return wire.flush()
  }

  /** The bytes of a rule; undefined where its digits are none. */
  #dataOf({ data }: Extract<Rule, { action: 'send' }>): string | undefined {
    if (typeof data === 'string') return data
    const text = formatText(data.format, this.#context)
    if (!data.binary) return text
    const bytes = parseHex(text)
    return typeof bytes === 'string' ? bytes : undefined
  }

  // receiving

  /** Takes what has come: there is more to look at, it is the last of it, none yet, or the connection failed. */
  #receive(): 'more' | 'last' | 'wait' | 'stop' {
    const wire = this.#wire!
    const text = wire.read(BUFFER_SIZE - this.#input.length)
    if (text !== '') {
      this.#input += text
      this.#answer = undefined
    }
    if (wire.failed && this.#input === '') return 'stop'
    if (wire.failed || wire.ended) return 'last'
    return text === '' && this.#input.length < BUFFER_SIZE ? 'wait' : 'more'
  }

  #expect(rule: ProgramExpect, lastRead: boolean): Progress {
    const outcome = this.program.isHttp ? this.#expectHttp(rule, lastRead) : this.#expectTcp(rule, lastRead)
    if (outcome === 'wait') this.#step = this.program.rules[(this.#at = headOf(this.program.rules, this.#at))]
    return outcome
  }

  #expectTcp(rule: ProgramExpect, lastRead: boolean): Progress {
    const isLast = lastRead || this.#input.length >= BUFFER_SIZE
    const { pattern } = rule
    if (pattern.type === 'custom') return this.#expectCustom(rule, pattern, isLast)
    return this.#judge(rule, expectBytes(rule, this.#context, isLast), STATUS.L7RSP)
  }

  #expectCustom(rule: ProgramExpect, { judge }: CustomPattern, lastRead: boolean): Progress {
    if (!lastRead && rule.minRecv > 0 && this.#input.length < rule.minRecv) return 'wait'
    if (this.#input === '') {
      if (!lastRead) return 'wait'
      return this.#fail(STATUS.L7RSP, `TCPCHK got an empty response at step ${stepNumber(rule)}`)
    }
    const isLast = !this.program.rules.slice(this.#at + 1).some((each) => each.action !== 'variable')
    const verdict = judge({ input: this.#input, lastRead, isLast })
    if (verdict === 'continue' || verdict === 'wait') return verdict
    if ('ended' in verdict || 'passed' in verdict) {
      this.#failure = 'ended' in verdict ? verdict.ended : { ...verdict.passed, again: { ...verdict.passed, info: '' } }
      return 'stop'
    }
    const { status, code, info } = verdict.failed
    this.#code = code ?? 0
    const said = { isMatch: false, isEmpty: false, description: info ?? '' }
    return this.#fail(status, failureText(this.program, rule, this.#context, said))
  }

  #expectHttp(rule: ProgramExpect, lastRead: boolean): Progress {
    const isFull = this.#input.length >= BUFFER_SIZE
    if (this.#answer === undefined) {
      const answer = parseAnswer(this.#input, lastRead || isFull)
      if (answer === 'invalid' || (answer === 'incomplete' && (lastRead || isFull)))
        return this.#fail(STATUS.SOCKERR, '')
      if (answer === 'incomplete') return 'wait'
      this.#answer = answer
    }
    const answer = this.#answer
    this.#code = answer.code
    if (answer.broken) return this.#judge(rule, { isMatch: false, description: '', isInvalid: true }, STATUS.L7RSP)
    if (this.#isStopping(answer.code)) return 'continue'
    const { verdict, status } = expectAnswer(rule, answer, this.#context, lastRead || isFull || answer.complete)
    return this.#judge(rule, verdict, status)
  }

  /** `http-check disable-on-404`: only a server that is up may stop that way. */
  #isStopping(code: number): boolean {
    const { server } = this.owner
    return code === 404 && server?.proxy.config.disableOn404 === true && server.nextState !== ServerState.STOPPED
  }

  #judge(rule: ProgramExpect, verdict: Verdict, usual: CheckStatus): Progress {
    if (verdict === 'wait') return 'wait'
    if (verdict === 'pass') return 'continue'
    const { isMatch, description, isInvalid } = verdict
    const status = isInvalid || rule.errorStatus === undefined ? usual : STATUS[rule.errorStatus]
    const isEmpty = this.#input === ''
    const info = failureText(this.program, rule, this.#context, { isMatch, isEmpty, description })
    this.#code = statusCode(rule, this.#context) ?? this.#code
    return this.#fail(status, info)
  }

  #success(): Finding {
    const step = this.#step
    if (step?.action === 'expect') {
      if (this.#isStopping(this.#code)) return { status: STATUS.L7OKC, code: this.#code }
      const info = successText(this.program, step, this.#context)
      const code = statusCode(step, this.#context) ?? this.#code
      return { status: step.okStatus === undefined ? STATUS.L7OK : STATUS[step.okStatus], code, info }
    }
    if (step?.action === 'connect') {
      const info = step.implicit ? '' : '(tcp-check)'
      return { status: this.#wire?.target.tls !== undefined ? STATUS.L6OK : STATUS.L4OK, info }
    }
    return { status: STATUS.L7OK, code: 0, info: '(tcp-check)' }
  }

  // variables

  #setVariable({ name, value }: Extract<Rule, { action: 'variable' }>): void {
    const sample =
      value === undefined
        ? undefined
        : 'fetch' in value
          ? evaluate(value, this.#context)
          : str(formatText(value, this.#context))
    if (sample !== undefined) this.#variables.set(name, sample)
    else if (value === undefined) this.#variables.delete(name)
  }
}

/** `sock_handle_system_err` in src/sock.c */
const sayLimitReached = ({ process, proxy }: TalkOwner): void =>
  process.logger.send(
    proxy,
    LOG_EMERG,
    `Proxy ${proxy.name} reached process FD limit (maxsock=${process.limits.maxsock}). ` +
      "Please check 'ulimit-n' and restart.",
  )

/** Where evaluation goes on when more has come: at the first inverted rule of those that stand together with this one. */
const headOf = (rules: readonly Rule[], at: number): number => {
  let head = at
  for (let i = at - 1; i >= 0; i--) {
    const rule = rules[i]!
    if (rule.action === 'variable') continue
    if (rule.action !== 'expect') break
    if (rule.inverse) head = i
  }
  return head
}
