/**
 * One run of a program of check rules over the connections that the rules make (`tcpcheck_main` in src/tcpcheck.c). What is received
 * is limited to the size of HAProxy's buffer.
 */
import { parseHex } from '../../config/syntax/bytes.js'
import type { ConnectRule } from '../../config/checks/rules.js'
import type { ConnectionEvents } from '../../net/network.js'
import { LOG_EMERG } from '../logs/logger.js'
import type { Proxy, ProxyContext } from '../proxy/proxy.js'
import type { Server } from '../server/server.js'
import { ServerState } from '../server/status.js'
import type { Deadline } from './deadline.js'
import { expectBytes, type Verdict } from './expect.js'
import { expectAnswer } from './expect-http.js'
import type { Finding } from '../../config/checks/finding.js'
import { HttpInput } from './http-input.js'
import { DEFAULT_METHOD, httpRequest } from './http-request.js'
import { failureText, statusCode, stepNumber, stepText, successText } from './messages.js'
import type { CustomPattern, Program, ProgramExpect, Rule } from '../../config/checks/program.js'
import type { DialogueContext } from './context.js'
import { SessionSubject } from '../logs/subject.js'
import { evaluate } from '../samples/expression.js'
import { formatText } from '../samples/log-format.js'
import { integerOf } from '../samples/casts.js'
import { BUFFER_SIZE, str, sint } from '../samples/sample.js'
import { applyVariableAction } from '../samples/variable-actions.js'
import { Variables, VariableStore } from '../samples/variables.js'
import { STATUS, type CheckStatus } from '../../config/checks/status.js'
import { CheckConnection, type Progress, type Target } from './connection.js'

/** The name of the frontend that sessions of checks belong to. */
const CHECKS_FRONTEND = 'CHECKS-FE'

/** An empty or invalid HTTP response. */
const INVALID: Verdict = { isMatch: false, description: '', isInvalid: true }

/** What a session is run for: a check, or a mail. */
export interface SessionOwner {
  readonly process: ProxyContext
  readonly proxy: Proxy
  readonly server: Server | undefined
  readonly events: ConnectionEvents
  readonly deadline: Deadline
  /** What a rule connects to. @param port the value of its `port` */
  target(rule: ConnectRule, port: number | undefined): Target
}

export class CheckSession {
  /** connections made, and bytes received and sent over them; complete once the session is closed */
  connections = 0
  bytesIn = 0
  bytesOut = 0
  /** the variables of the scopes `check` and `sess`, which live as long as this session */
  readonly #variables: Variables
  /** what the aliases of log-formats are about */
  readonly #subject: SessionSubject
  #connection: CheckConnection | undefined
  #input = ''
  /** the response to an HTTP request, instead of #input */
  #http: HttpInput | undefined
  /** method of the HTTP request */
  #method = ''
  #code = 0
  /** index of the rule that is evaluated next */
  #at = 0
  /** the last rule that was begun, `variable` rules excepted */
  #step: Rule | undefined
  #failure: Finding | undefined

  constructor(
    readonly program: Program,
    readonly owner: SessionOwner,
  ) {
    owner.process.counters.sessionBegins()
    const { process, proxy, server } = owner
    this.#subject = new SessionSubject(process, {
      frontend: CHECKS_FRONTEND,
      backend: { name: proxy.name, isHttp: proxy.config.mode === 'http' },
      server,
      connection: () => this.#connection,
    })
    this.#variables = new Variables(owner.process.variables, {
      check: new VariableStore('check'),
      sess: new VariableStore('sess'),
    })
    for (const [name, value] of Object.entries(program.variables))
      this.#variables.set(
        { scope: 'check', ofParent: false, name },
        typeof value === 'string' ? str(value) : sint(value),
      )
  }

  get #context(): DialogueContext {
    const { process, proxy, server } = this.owner
    const answer = this.#http?.answer
    return {
      process,
      log: this.#subject,
      bufsize: BUFFER_SIZE,
      isFinal: true,
      proxy,
      server,
      direction: 'response',
      response: {
        isHttp: this.#http !== undefined,
        head: answer?.head,
        body: answer?.body ?? '',
        missing: answer?.missing ?? 0,
        input: this.#input,
        size: answer?.size ?? this.#input.length,
        isInvalid: answer?.isInvalid ?? false,
        isComplete: answer?.isComplete ?? false,
        isFull: false,
      },
      variables: this.#variables,
      answer,
    }
  }

  /** Evaluates rules as far as possible. Returns the finding, or undefined while the session has to wait. */
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
          mustRead = this.#isEmpty
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
          applyVariableAction(rule.change, this.#context)
      }
      if (outcome === 'wait') return undefined
      if (outcome === 'stop') return this.#failure ?? this.#connectionError()
    }
    return this.#success()
  }

  /** The finding of a timeout. */
  expired(): Finding {
    const text = stepText(this.program, this.#step)
    if (!this.#connection?.established) return { status: STATUS.L4TOUT, info: text }
    if (this.#connection.isSecuring) return { status: STATUS.L6TOUT, info: text }
    const timeout = this.#step?.action === 'expect' ? this.#step.timeoutStatus : undefined
    return { status: timeout === undefined ? STATUS.L7TOUT : STATUS[timeout], code: this.#code, info: text }
  }

  /** Closes the connection, by a reset unless a rule says `linger`, and removes the variables. */
  close(): void {
    this.#disconnect()
    this.owner.process.counters.sessionEnds()
    this.#variables.prune('check')
    this.#variables.prune('sess')
  }

  #disconnect(): void {
    const connection = this.#connection
    this.#connection = undefined
    if (connection === undefined) return
    connection.close(this.program.rules.some((rule) => rule.action === 'connect' && rule.linger))
    this.connections++
    this.bytesIn += connection.bytesIn
    this.bytesOut += connection.bytesOut
    this.owner.process.counters.sent(connection.bytesOut)
  }

  #connect(rule: ConnectRule): Progress {
    if (this.#step !== rule || this.#connection === undefined) {
      this.#disconnect()
      this.#step = rule
      this.#clearInput('')
      const target = this.owner.target(rule, this.#portOf(rule))
      this.owner.deadline.connecting()
      this.#connection = new CheckConnection(this.owner.process.network, target, this.owner.events, (format) =>
        formatText(format, this.#context),
      )
    }
    return this.#connection.open(() => this.owner.deadline.connected())
  }

  #portOf({ port, portExpression }: ConnectRule): number | undefined {
    if (port !== 0) return port
    const sample = portExpression && evaluate(portExpression, this.#context)
    const number = sample && integerOf(sample)
    return (number && Number(number.value)) || undefined
  }

  #connectionError(): Finding {
    if (this.#connection!.lacksDescriptor) logFdLimit(this.owner)
    return this.#connection!.failure(stepText(this.program, this.#step), this.#code)
  }

  #fail(status: CheckStatus, info: string): 'stop' {
    this.#failure = { status, code: this.#code, info }
    return 'stop'
  }

  // sending

  #send(rule: Extract<Rule, { action: 'send' | 'http-send' }>): Progress {
    const connection = this.#connection!
    if (this.#step !== rule) {
      this.#step = rule
      this.#clearInput(rule.action === 'http-send' ? (rule.method ?? DEFAULT_METHOD) : '')
      const isHttp = rule.action === 'http-send'
      const data = isHttp ? httpRequest(rule, this.#context) : this.#dataOf(rule)
      const step = stepNumber(rule)
      if (data === undefined) {
        const what = isHttp ? 'HTTP request' : 'log-format string'
        return this.#fail(STATUS.L7RSP, `tcp-check send : failed to build ${what} at step ${step}`)
      }
      if (data.length >= BUFFER_SIZE)
        return this.#fail(
          STATUS.L7RSP,
          `tcp-check send : string too large (${data.length}) for buffer size (${BUFFER_SIZE}) at step ${step}`,
        )
      connection.put(data)
    }
    return connection.flush()
  }

  /** The bytes of a rule; undefined for invalid hexadecimal digits. */
  #dataOf({ data }: Extract<Rule, { action: 'send' }>): string | undefined {
    if (typeof data === 'string') return data
    const text = formatText(data.format, this.#context)
    if (!data.binary) return text
    const bytes = parseHex(text)
    return typeof bytes === 'string' ? bytes : undefined
  }

  // receiving

  /** @param method of the request that is sent */
  #clearInput(method: string): void {
    this.#input = ''
    this.#http = undefined
    this.#method = method
  }

  get #isEmpty(): boolean {
    return this.program.isHttp ? (this.#http?.isEmpty ?? true) : this.#input === ''
  }

  /** Reads from the connection. Returns whether there is `more` data, the `last` of it, none yet (`wait`), or an error (`stop`). */
  #receive(): 'more' | 'last' | 'wait' | 'stop' {
    const connection = this.#connection!
    if (this.program.isHttp) this.#http ??= new HttpInput(this.#method)
    const text = connection.read(this.#http?.room ?? BUFFER_SIZE - this.#input.length)
    if (this.#http === undefined) this.#input += text
    else this.#http.receive(text, connection.ended)
    const hasError = connection.failed || this.#http?.hasError === true
    if (hasError && this.#isEmpty) return 'stop'
    if (hasError || connection.ended) return 'last'
    const isFull = this.#http === undefined ? this.#input.length >= BUFFER_SIZE : this.#http.answer?.isComplete === true
    return text === '' && !isFull ? 'wait' : 'more'
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
    const result = { isMatch: false, isEmpty: false, description: info ?? '' }
    return this.#fail(status, failureText(this.program, rule, this.#context, result))
  }

  #expectHttp(rule: ProgramExpect, lastRead: boolean): Progress {
    const answer = this.#http?.answer
    if (answer === undefined) return lastRead || !this.#isEmpty ? this.#judge(rule, INVALID, STATUS.L7RSP) : 'wait'
    this.#code = answer.head.status
    if (answer.isInvalid) return this.#judge(rule, INVALID, STATUS.L7RSP)
    if (this.#isStopping(this.#code)) return 'continue'
    const { verdict, status } = expectAnswer(rule, answer, this.#context, lastRead || answer.isComplete)
    return this.#judge(rule, verdict, status)
  }

  /** `http-check disable-on-404`, which applies to servers that are up. */
  #isStopping(code: number): boolean {
    const { server } = this.owner
    return code === 404 && server?.proxy.config.disableOn404 === true && server.nextState !== ServerState.STOPPED
  }

  #judge(rule: ProgramExpect, verdict: Verdict, fallback: CheckStatus): Progress {
    if (verdict === 'wait') return 'wait'
    if (verdict === 'pass') return 'continue'
    const { isMatch, description, isInvalid } = verdict
    const status = isInvalid || rule.errorStatus === undefined ? fallback : STATUS[rule.errorStatus]
    const isEmpty = this.#isEmpty
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
      return { status: this.#connection?.target.tls !== undefined ? STATUS.L6OK : STATUS.L4OK, info }
    }
    return { status: STATUS.L7OK, code: 0, info: '(tcp-check)' }
  }
}

/** `sock_handle_system_err` in src/sock.c */
const logFdLimit = ({ process, proxy }: SessionOwner): void =>
  process.logger.send(
    proxy,
    LOG_EMERG,
    `Proxy ${proxy.name} reached process FD limit (maxsock=${process.limits.maxsock}). ` +
      "Please check 'ulimit-n' and restart.",
  )

/** The rule at which evaluation resumes when more data has arrived: the first inverted one of a group of `expect` rules. */
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
