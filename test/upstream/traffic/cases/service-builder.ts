/** Cases whose frontend is answered by a service of a script. */
import { end, send, shut, type Step, type TrafficCase } from '../harness/case.js'
import { get } from './http-builder.js'

/** Answers with a text. */
export const answers = (text: string): string => `local text = tostring(${text})
applet:set_status(200)
applet:add_header("content-length", #text)
applet:start_response()
applet:send(text)`

/** Calls a function in protected mode. @param answer what is done with the text of its results */
export const resultsOf = (call: string, answer: (text: string) => string): string =>
  `local results = table.pack(pcall(function() return ${call} end))
for i = 1, results.n do results[i] = tostring(results[i]) end
${answer('table.concat(results, " ")')}`

/** Answers with the results of a call. */
export const tries = (call: string): string => resultsOf(call, answers)

export interface ServiceOptions {
  readonly global?: string
  readonly defaults?: string
  /** lines of the frontend before the rule */
  readonly frontend?: string
  /** text of the script before the service is registered */
  readonly before?: string
  readonly perThread?: boolean
  readonly clients?: readonly (readonly Step[])[]
  /** further sections */
  readonly more?: string
  readonly condition?: string
}

const serviceCase = (
  name: string,
  mode: TrafficCase['mode'],
  body: string,
  clients: readonly (readonly Step[])[],
  { before = '', perThread = false, global, ...options }: ServiceOptions,
): TrafficCase => {
  const script = `${before}\ncore.register_service("$svc", "${mode}", function(applet)\n${body}\nend)\n`
  return {
    name,
    mode,
    defaults: options.defaults ?? '',
    config: `frontend $fe
  bind $listen
  ${options.frontend ?? ''}
  ${mode === 'http' ? 'http-request' : 'tcp-request content'} use-service lua.$svc ${options.condition ?? ''}
${options.more ?? ''}`,
    clients: options.clients ?? clients,
    servers: {},
    ...(perThread ? { luaPerThread: script } : { lua: script }),
    ...(global !== undefined && { global }),
  }
}

/** Asks once and closes the connection. */
export const asksOnce: readonly Step[] = [send(get('/', 'Connection: close')), end]

/** A case with a service for HTTP. @param body of its function, whose argument is `applet` */
export const httpService = (name: string, body: string, options: ServiceOptions = {}): TrafficCase =>
  serviceCase(name, 'http', body, [asksOnce], options)

/** A case with a service for TCP. */
export const tcpService = (name: string, body: string, options: ServiceOptions = {}): TrafficCase =>
  serviceCase(name, 'tcp', body, [[send('question\n'), end, shut]], options)
