/** Cases whose frontend is answered by a service of a script. */
import { end, send, shut, type Step, type TrafficCase } from '../harness/case.js'
import { get } from './http-builder.js'

/** Answers with a text. */
export const answers = (text: string): string => `local text = tostring(${text})
applet:set_status(200)
applet:add_header("content-length", #text)
applet:start_response()
applet:send(text)`

/** Calls a function in protected mode, and answers with its results. */
export const tries = (call: string): string => `local results = table.pack(pcall(function() return ${call} end))
for i = 1, results.n do results[i] = tostring(results[i]) end
${answers('table.concat(results, " ")')}`

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

const script = (mode: string, body: string, { before = '', perThread = false, global }: ServiceOptions) => {
  const text = `${before}\ncore.register_service("$svc", "${mode}", function(applet)\n${body}\nend)\n`
  return { ...(perThread ? { luaPerThread: text } : { lua: text }), ...(global !== undefined && { global }) }
}

/** Asks once and closes the connection. */
export const asksOnce: readonly Step[] = [send(get('/', 'Connection: close')), end]

/** A case with a service for HTTP. @param body of its function, whose argument is `applet` */
export const httpService = (name: string, body: string, options: ServiceOptions = {}): TrafficCase => ({
  name,
  mode: 'http',
  defaults: options.defaults ?? '',
  config: `frontend $fe
  bind $listen
  ${options.frontend ?? ''}
  http-request use-service lua.$svc ${options.condition ?? ''}
${options.more ?? ''}`,
  clients: options.clients ?? [asksOnce],
  servers: {},
  ...script('http', body, options),
})

/** A case with a service for TCP. */
export const tcpService = (name: string, body: string, options: ServiceOptions = {}): TrafficCase => ({
  name,
  mode: 'tcp',
  defaults: options.defaults ?? '',
  config: `frontend $fe
  bind $listen
  ${options.frontend ?? ''}
  tcp-request content use-service lua.$svc ${options.condition ?? ''}
${options.more ?? ''}`,
  clients: options.clients ?? [[send('question\n'), end, shut]],
  servers: {},
  ...script('tcp', body, options),
})
