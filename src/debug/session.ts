/**
 * The Debug Adapter Protocol (https://microsoft.github.io/debug-adapter-protocol): requests of an editor become commands and questions for
 * the simulation's thread. What needs no answer from there, as where breakpoints can be, is answered here.
 */
import {
  DebugSession,
  ExitedEvent,
  InitializedEvent,
  OutputEvent,
  StoppedEvent,
  TerminatedEvent,
} from '@vscode/debugadapter'
import type { DebugProtocol as Dap } from '@vscode/debugprotocol'
import { linesWithCode, nearestLine } from './lines.js'
import type { Breakpoint, Command, Question, Report } from './messages.js'
import { realPath } from './paths.js'

export interface Line {
  send(command: Command): void
  /** Makes a session the one that debugs; false if another one does. */
  claim(session: LuaSession): boolean
}

/** What a configuration of `launch.json` may say. */
type Wishes = Dap.LaunchRequestArguments & Dap.AttachRequestArguments & { readonly stopOnEntry?: boolean }

type WithoutId<T> = T extends { readonly id: number } ? Omit<T, 'id'> : never

const FILTERS: Dap.ExceptionBreakpointsFilter[] = [
  { filter: 'uncaught', label: 'Uncaught Lua errors', default: true },
  { filter: 'all', label: 'All Lua errors', description: 'Those, too, that a pcall catches', default: false },
]

export class LuaSession extends DebugSession {
  readonly #line: Line
  readonly #asked = new Map<number, (report: { body: object } | { error: string }) => void>()
  #nextId = 1
  #claimed = false
  #started = false
  #stopOnEntry = false
  #output: NodeJS.WritableStream | undefined

  constructor(line: Line) {
    super()
    this.#line = line
    this.setDebuggerLinesStartAt1(true)
    this.setDebuggerColumnsStartAt1(true)
    this.setRunAsServer(true)
  }

  override start(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): void {
    this.#output = output
    super.start(input, output)
  }

  /** The simulation has something to tell. */
  told(report: Report): void {
    if ('id' in report) {
      this.#asked.get(report.id)?.(report)
      this.#asked.delete(report.id)
    } else if (report.event === 'stopped') {
      const stopped = new StoppedEvent(report.body.reason, report.body.threadId)
      stopped.body = report.body
      this.sendEvent(stopped)
    } else if (report.event === 'output') this.sendEvent(new OutputEvent(`${report.text}\n`, report.category))
    else {
      this.sendEvent(new ExitedEvent(report.exitCode))
      this.sendEvent(new TerminatedEvent())
    }
  }

  /** Calls `done` when everything is on its way. */
  end(done: () => void): void {
    this.#output?.end(done)
  }

  /** The editor is gone. */
  lost(): void {
    if (this.#claimed) this.#line.send({ command: 'gone' })
  }

  protected override dispatchRequest(request: Dap.Request): void {
    // what the protocol says is meant where nothing is said; the library wants to read it
    if (request.command === 'initialize')
      request.arguments = { pathFormat: 'path', ...(request.arguments as object | undefined) }
    super.dispatchRequest(request)
  }

  protected override initializeRequest(response: Dap.InitializeResponse): void {
    if (!this.#line.claim(this)) {
      this.sendErrorResponse(response, { id: 1, format: 'another editor debugs this run already' })
      return
    }
    this.#claimed = true
    response.body = {
      supportsConfigurationDoneRequest: true,
      supportsConditionalBreakpoints: true,
      supportsHitConditionalBreakpoints: true,
      supportsLogPoints: true,
      supportsSetVariable: true,
      supportsEvaluateForHovers: true,
      supportsTerminateRequest: true,
      supportTerminateDebuggee: true,
      exceptionBreakpointFilters: FILTERS,
    }
    this.sendResponse(response)
    this.sendEvent(new InitializedEvent())
  }

  protected override launchRequest(response: Dap.LaunchResponse, args?: Wishes): void {
    // left out where nothing is wished
    this.#stopOnEntry = args?.stopOnEntry === true
    this.sendResponse(response)
  }

  protected override attachRequest(response: Dap.AttachResponse, args?: Wishes): void {
    this.launchRequest(response, args)
  }

  protected override configurationDoneRequest(response: Dap.ConfigurationDoneResponse): void {
    this.sendResponse(response)
    if (!this.#started) this.#line.send({ command: 'start', stopOnEntry: this.#stopOnEntry })
    this.#started = true
  }

  protected override setBreakPointsRequest(
    response: Dap.SetBreakpointsResponse,
    { source, breakpoints = [] }: Dap.SetBreakpointsArguments,
  ): void {
    const path = source.path === undefined ? undefined : realPath(source.path)
    const lines = path === undefined ? 'it has no file' : linesWithCode(path)
    const set: Breakpoint[] = []
    response.body = {
      breakpoints: breakpoints.map(({ line, condition, hitCondition, logMessage }): Dap.Breakpoint => {
        if (typeof lines === 'string') return { verified: false, line, message: lines }
        const at = nearestLine(lines, line)
        if (at === undefined) return { verified: false, line, message: 'no line of it has code' }
        set.push({ line: at, condition, hitCondition, logMessage })
        return { verified: true, line: at }
      }),
    }
    if (path !== undefined) this.#line.send({ command: 'breakpoints', path, breakpoints: set })
    this.sendResponse(response)
  }

  protected override setExceptionBreakPointsRequest(
    response: Dap.SetExceptionBreakpointsResponse,
    { filters }: Dap.SetExceptionBreakpointsArguments,
  ): void {
    this.#line.send({ command: 'exceptions', filters })
    this.sendResponse(response)
  }

  protected override threadsRequest(response: Dap.ThreadsResponse): void {
    this.#ask({ command: 'threads' }, response)
  }

  protected override stackTraceRequest(response: Dap.StackTraceResponse, args: Dap.StackTraceArguments): void {
    const { threadId, startFrame = 0, levels = 0 } = args
    this.#ask({ command: 'stackTrace', threadId }, response, (body) => {
      const { stackFrames } = body as Dap.StackTraceResponse['body']
      const end = levels > 0 ? startFrame + levels : undefined
      return { stackFrames: stackFrames.slice(startFrame, end), totalFrames: stackFrames.length }
    })
  }

  protected override scopesRequest(response: Dap.ScopesResponse, { frameId }: Dap.ScopesArguments): void {
    this.#ask({ command: 'scopes', frameId }, response)
  }

  protected override variablesRequest(response: Dap.VariablesResponse, args: Dap.VariablesArguments): void {
    const { variablesReference: reference, start = 0, count = 0 } = args
    this.#ask({ command: 'variables', reference, start, count }, response)
  }

  protected override setVariableRequest(response: Dap.SetVariableResponse, args: Dap.SetVariableArguments): void {
    const { variablesReference: reference, name, value } = args
    this.#ask({ command: 'setVariable', reference, name, value }, response)
  }

  protected override evaluateRequest(response: Dap.EvaluateResponse, args: Dap.EvaluateArguments): void {
    this.#ask({ command: 'evaluate', frameId: args.frameId, expression: args.expression }, response)
  }

  protected override sourceRequest(response: Dap.SourceResponse, args: Dap.SourceArguments): void {
    this.#ask({ command: 'source', reference: args.source?.sourceReference ?? args.sourceReference }, response)
  }

  protected override continueRequest(response: Dap.ContinueResponse): void {
    response.body = { allThreadsContinued: true }
    this.#order('continue', response)
  }

  protected override nextRequest(response: Dap.NextResponse): void {
    this.#order('next', response)
  }

  protected override stepInRequest(response: Dap.StepInResponse): void {
    this.#order('stepIn', response)
  }

  protected override stepOutRequest(response: Dap.StepOutResponse): void {
    this.#order('stepOut', response)
  }

  protected override pauseRequest(response: Dap.PauseResponse): void {
    this.#order('pause', response)
  }

  protected override terminateRequest(response: Dap.TerminateResponse): void {
    this.#order('terminate', response)
  }

  protected override disconnectRequest(response: Dap.DisconnectResponse, args?: Dap.DisconnectArguments): void {
    this.#order(args?.terminateDebuggee === true ? 'terminate' : 'gone', response)
  }

  /** Orders need no answer from the simulation: it says itself when it stops. */
  #order(
    command: 'continue' | 'next' | 'stepIn' | 'stepOut' | 'pause' | 'gone' | 'terminate',
    response: Dap.Response,
  ): void {
    this.sendResponse(response)
    this.#line.send({ command })
  }

  #ask(question: WithoutId<Question>, response: Dap.Response, part = (body: object): object => body): void {
    const id = this.#nextId++
    this.#asked.set(id, (report) => {
      if ('error' in report) {
        this.sendErrorResponse(response, { id: 2, format: report.error })
        return
      }
      response.body = part(report.body)
      this.sendResponse(response)
    })
    this.#line.send({ ...question, id } as Question)
  }
}
