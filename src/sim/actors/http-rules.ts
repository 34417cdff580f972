/** Conditions on requests, by which an HTTP server selects its response. */
import { toByteString } from '../../bytes/text.js'
import type { HttpRequest } from './http-request.js'

/** A text in which `*` matches any characters, or a regular expression on bytes (one character per byte). */
export type TextCondition = string | RegExp

/** What a request must have; all that is given must match. */
export interface RequestCondition {
  /** one method, or several */
  readonly method?: string | readonly string[]
  /** the path without the query */
  readonly path?: TextCondition
  /** the query without the `?`; a request without a query has an empty one */
  readonly query?: TextCondition
  /** header fields by name; `true`: present, `false`: absent */
  readonly headers?: Readonly<Record<string, TextCondition | boolean>>
}

/** A condition: on the path, on several properties, or a function of the request. */
export type HttpCondition = TextCondition | RequestCondition | ((request: HttpRequest) => unknown)

type Matches = (request: HttpRequest) => boolean

/** Compiles a condition. Throws a RangeError for an invalid one. */
export const compileCondition = (condition: HttpCondition): Matches => {
  if (typeof condition === 'function') {
    return (request) => {
      const result = condition(request)
      return result !== undefined && result !== false && result !== null
    }
  }
  if (typeof condition === 'string' || condition instanceof RegExp) return compileCondition({ path: condition })
  if (typeof condition !== 'object') throw new RangeError('a condition is a path, a table or a function')
  const unknown = Object.keys(condition).find((name) => !['method', 'path', 'query', 'headers'].includes(name))
  if (unknown !== undefined) throw new RangeError(`a condition has method, path, query and headers, not '${unknown}'`)
  const { method, path, query, headers = {} } = condition
  const checks: Matches[] = []
  if (method !== undefined) {
    const methods = new Set(typeof method === 'string' ? [method] : method)
    checks.push((request) => methods.has(request.method))
  }
  if (path !== undefined) {
    const matches = compileText(path)
    checks.push((request) => matches(request.path))
  }
  if (query !== undefined) {
    const matches = compileText(query)
    checks.push((request) => matches(request.query ?? ''))
  }
  for (const [name, wanted] of Object.entries(headers)) checks.push(headerCheck(name.toLowerCase(), wanted))
  return (request) => checks.every((check) => check(request))
}

const headerCheck = (name: string, wanted: TextCondition | boolean): Matches => {
  if (typeof wanted === 'boolean') return (request) => Object.hasOwn(request.headers, name) === wanted
  const matches = compileText(wanted)
  return (request) => Object.hasOwn(request.headers, name) && matches(request.headers[name]!)
}

const compileText = (wanted: TextCondition): ((bytes: string) => boolean) => {
  if (wanted instanceof RegExp) {
    const stateless = new RegExp(wanted.source, wanted.flags.replace(/[gy]/g, ''))
    return (bytes) => stateless.test(bytes)
  }
  if (typeof wanted !== 'string') throw new RangeError(`a condition on a text is a text, not ${typeof wanted}`)
  const text = toByteString(wanted)
  if (!text.includes('*')) return (bytes) => bytes === text
  const parts = text.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  const pattern = new RegExp(`^${parts.join('[^]*')}$`)
  return (bytes) => pattern.test(bytes)
}
