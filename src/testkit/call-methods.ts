/** Calls of registered functions from the Lua of tests, whose strings are bytes. */
import type { ActionResult, CallOptions, CallValue, Haproxy, ServiceOptions } from '../sim/index.js'
import { toLua } from './byte-strings.js'
import type { Method } from './kind.js'

const optionalToLua = (bytes: string | undefined) => (bytes === undefined ? undefined : toLua(bytes))

const actionToLua = ({ request, response, ...result }: ActionResult) => ({
  ...result,
  request: request && {
    ...request,
    target: toLua(request.target),
    path: toLua(request.path),
    query: optionalToLua(request.query),
  },
  response: response && { ...response, reason: toLua(response.reason) },
  forwarded: optionalToLua(result.forwarded),
  received: optionalToLua(result.received),
})

/** The methods of a process that call functions of its scripts. */
export const CALL_METHODS: Readonly<Record<string, Method<Haproxy>>> = {
  fetch: (haproxy, name: string, options?: CallOptions) => haproxy.fetch(name, options),
  converter: (haproxy, name: string, input: CallValue, options?: CallOptions) =>
    haproxy.converter(name, input, options),
  action: (haproxy, name: string, options?: CallOptions) => actionToLua(haproxy.action(name, options)),
  service: (haproxy, name: string, options?: ServiceOptions) => haproxy.service(name, options),
}
