/** Describes a request of a client on one line. */
import { MILLISECOND } from '../engine/clock.js'
import type { ClientRecord } from '../sim/index.js'
import { plural } from './plural.js'

/** `GET http://127.0.0.1:8080/: 200 OK, 5 bytes, 1.2 ms`, or the error */
export const describeRequest = ({ method, url, status, reason, length, error, took }: ClientRecord): string => {
  if (error !== undefined) return error
  const line = `${status} ${reason}`.trimEnd()
  return `${method} ${url}: ${line}, ${plural(length!, 'byte')}, ${(took / MILLISECOND).toFixed(1)} ms`
}
