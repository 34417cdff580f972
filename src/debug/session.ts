/**
 * A session of the Debug Adapter Protocol (https://microsoft.github.io/debug-adapter-protocol). Requests of the editor become commands and
 * queries to the thread of the simulation, except those that can be answered without it, such as the possible positions of breakpoints.
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
import type { Breakpoint, DebuggerCommand, DebuggerReport, Query } from './messages.js'
import { resolveLinks } from './paths.js'

/** The link to the simulation. */
export interface SimulationLink {
  send(command: DebuggerCommand): void
  /** Makes a session the active one; false if there is another one. */
  claim(session: LuaSession): boolean
}

/** The settings of a configuration in `launch.json`. */
type LaunchArguments = Dap.LaunchRequestArguments & Dap.AttachRequestArguments & { readonly stopOnEntry?: boolean }

type WithoutId<T> = T extends { readonly id: number } ? Omit<T, 'id'> : never

const FILTERS: Dap.ExceptionBreakpointsFilter[] = [
  { filter: 'uncaught', label: 'Uncaught Lua errors', default: true },
  { filter: 'all', label: 'All Lua errors', description: 'Includes errors that are caught by pcall', default: false },
]

/** A session with an editor. */
export class LuaSession extends DebugSession {
  readonly #link: SimulationLink
  readonly #pending = new Map<number, (report: { body: object } | { error: string }) => void>()
  #nextId = 1
  #claimed = false
  #started = false
  #stopOnEntry = false
  #output: NodeJS.WritableStream | undefined

  constructor(link: SimulationLink) {
    super()
    this.#link = link
    this.setDebuggerLinesStartAt1(true)
    this.setDebuggerColumnsStartAt1(true)
    this.setRunAsServer(true)
  }

  override start(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): void {
    this.#output = output
    super.start(input, output)
  }

  /** Handles a report of the simulation. */
  handle(report: DebuggerReport): void {
    if ('id' in report) {
      this.#pending.get(report.id)?.(report)
      this.#pending.delete(report.id)
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

  /** Ends the output and calls `done` once everything has been sent. */
  end(done: () => void): void {
    this.#output?.end(done)
  }

  /** The editor has disconnected. */
  disconnected(): void {
    if (this.#claimed) this.#link.send({ command: 'detach' })
  }

  protected override dispatchRequest(request: Dap.Request): void {
    // the default of the protocol, which the library does not apply
    if (request.command === 'initialize')
      request.arguments = { pathFormat: 'path', ...(request.arguments as object | undefined) }
    super.dispatchRequest(request)
  }

  protected override initializeRequest(response: Dap.InitializeResponse): void {
    if (!this.#link.claim(this)) {
      this.sendErrorResponse(response, { id: 1, format: 'another editor is debugging this run' })
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

  protected override launchRequest(response: Dap.LaunchResponse, args?: LaunchArguments): void {
    // editors may send no arguments
    this.#stopOnEntry = args?.stopOnEntry === true
    this.sendResponse(response)
  }

  protected override attachRequest(response: Dap.AttachResponse, args?: LaunchArguments): void {
    this.launchRequest(response, args)
  }

  protected override configurationDoneRequest(response: Dap.ConfigurationDoneResponse): void {
    this.sendResponse(response)
    if (!this.#started) this.#link.send({ command: 'start', stopOnEntry: this.#stopOnEntry })
    this.#started = true
  }

  protected override setBreakPointsRequest(
    response: Dap.SetBreakpointsResponse,
    { source, breakpoints = [] }: Dap.SetBreakpointsArguments,
  ): void {
    const path = source.path === undefined ? undefined : resolveLinks(source.path)
    const lines = path === undefined ? 'the source is not a file' : linesWithCode(path)
    const set: Breakpoint[] = []
    response.body = {
      breakpoints: breakpoints.map(({ line, condition, hitCondition, logMessage }): Dap.Breakpoint => {
        if (typeof lines === 'string') return { verified: false, line, message: lines }
        const at = nearestLine(lines, line)
        if (at === undefined) return { verified: false, line, message: 'the file has no line with code' }
        set.push({ line: at, condition, hitCondition, logMessage })
        return { verified: true, line: at }
      }),
    }
    if (path !== undefined) this.#link.send({ command: 'breakpoints', path, breakpoints: set })
    this.sendResponse(response)
  }

  protected override setExceptionBreakPointsRequest(
    response: Dap.SetExceptionBreakpointsResponse,
    { filters }: Dap.SetExceptionBreakpointsArguments,
  ): void {
    this.#link.send({ command: 'exceptions', filters })
    this.sendResponse(response)
  }

  protected override threadsRequest(response: Dap.ThreadsResponse): void {
    this.#sendQuery({ command: 'threads' }, response)
  }

  protected override stackTraceRequest(response: Dap.StackTraceResponse, args: Dap.StackTraceArguments): void {
    const { threadId, startFrame = 0, levels = 0 } = args
    this.#sendQuery({ command: 'stackTrace', threadId }, response, (body) => {
      const { stackFrames } = body as Dap.StackTraceResponse['body']
      const end = levels > 0 ? startFrame + levels : undefined
      return { stackFrames: stackFrames.slice(startFrame, end), totalFrames: stackFrames.length }
    })
  }

  protected override scopesRequest(response: Dap.ScopesResponse, { frameId }: Dap.ScopesArguments): void {
    this.#sendQuery({ command: 'scopes', frameId }, response)
  }

  protected override variablesRequest(response: Dap.VariablesResponse, args: Dap.VariablesArguments): void {
    const { variablesReference: reference, start = 0, count = 0 } = args
    this.#sendQuery({ command: 'variables', reference, start, count }, response)
  }

  protected override setVariableRequest(response: Dap.SetVariableResponse, args: Dap.SetVariableArguments): void {
    const { variablesReference: reference, name, value } = args
    this.#sendQuery({ command: 'setVariable', reference, name, value }, response)
  }

  protected override evaluateRequest(response: Dap.EvaluateResponse, args: Dap.EvaluateArguments): void {
    this.#sendQuery({ command: 'evaluate', frameId: args.frameId, expression: args.expression }, response)
  }

  protected override sourceRequest(response: Dap.SourceResponse, args: Dap.SourceArguments): void {
    this.#sendQuery({ command: 'source', reference: args.source?.sourceReference ?? args.sourceReference }, response)
  }

  protected override continueRequest(response: Dap.ContinueResponse): void {
    response.body = { allThreadsContinued: true }
    this.#sendCommand('continue', response)
  }

  protected override nextRequest(response: Dap.NextResponse): void {
    this.#sendCommand('next', response)
  }

  protected override stepInRequest(response: Dap.StepInResponse): void {
    this.#sendCommand('stepIn', response)
  }

  protected override stepOutRequest(response: Dap.StepOutResponse): void {
    this.#sendCommand('stepOut', response)
  }

  protected override pauseRequest(response: Dap.PauseResponse): void {
    this.#sendCommand('pause', response)
  }

  protected override terminateRequest(response: Dap.TerminateResponse): void {
    this.#sendCommand('terminate', response)
  }

  protected override disconnectRequest(response: Dap.DisconnectResponse, args?: Dap.DisconnectArguments): void {
    this.#sendCommand(args?.terminateDebuggee === true ? 'terminate' : 'detach', response)
  }

  /** Commands are acknowledged immediately; the simulation reports when it stops. */
  #sendCommand(
    command: 'continue' | 'next' | 'stepIn' | 'stepOut' | 'pause' | 'detach' | 'terminate',
    response: Dap.Response,
  ): void {
    this.sendResponse(response)
    this.#link.send({ command })
  }

  #sendQuery(query: WithoutId<Query>, response: Dap.Response, part = (body: object): object => body): void {
    const id = this.#nextId++
    this.#pending.set(id, (report) => {
      if ('error' in report) {
        this.sendErrorResponse(response, { id: 2, format: report.error })
        return
      }
      response.body = part(report.body)
      this.sendResponse(response)
    })
    this.#link.send({ ...query, id } as Query)
  }
}
