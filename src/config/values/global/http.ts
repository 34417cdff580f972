/** Keywords of `global` about HTTP and HTTP/2 (src/mux_h1.c, src/mux_h2.c, src/http.c …). */
import { forKeywords, inRange, oneOf, type ValueCheck } from '../check.js'
import { anyWords, atMost, one, sizeArgument, type GlobalCheck } from './check.js'

const onOff = oneOf(['on', 'off'], " expects 'on' or 'off'.")
const positive = inRange(0, Infinity, ' expects a positive numeric value.')

const STATUS_CODES = /^(\d+)(-(\d*))?/

/** `http-err-codes` and `http-fail-codes`: ranges such as `+400-499,505`. */
const statusCodes: ValueCheck = (name, values) => {
  if (values.length === 0) return `Missing status codes range for '${name}'.`
  for (const value of values) {
    const invalid = (at: number): string =>
      `Invalid status codes range '${value}' in '${name}' at position ${at}. ` +
      'Ranges must be in the form [+-]{low[-{high}]}[,...].'
    let at = /^[+-]/.test(value) ? 1 : 0
    for (;;) {
      const [range = '', low, dash, high] = STATUS_CODES.exec(value.slice(at)) ?? []
      at += range.length
      const next = value[at]
      if (low === undefined || high === '' || (next !== undefined && next !== ',')) return invalid(at)
      const [first, last] = [Number(low), Number(dash === undefined ? low : high)]
      if (last < first || first < 100 || last > 599)
        return `Invalid status codes range '${value}' in '${name}'.\n Codes must be between 100 and 599 and ranges in ascending order.`
      if (next === undefined) break
      at++
    }
  }
  return undefined
}

/** Checks by keyword. */
export const HTTP_CHECKS: readonly (readonly [string, GlobalCheck])[] = [
  ...forKeywords('h1-accept-payload-with-any-method h1-do-not-close-on-insecure-transfer-encoding', atMost(0)),
  ['http-err-codes', anyWords(statusCodes)],
  ['http-fail-codes', anyWords(statusCodes)],
  ...forKeywords('tune.applet.zero-copy-forwarding tune.pt.zero-copy-forwarding', one(onOff)),
  ...forKeywords('tune.h1.zero-copy-fwd-recv tune.h1.zero-copy-fwd-send tune.h2.zero-copy-fwd-send', one(onOff)),
  ...forKeywords(
    `tune.h2.be.glitches-threshold tune.h2.be.initial-window-size tune.h2.be.max-concurrent-streams
      tune.h2.fe.glitches-threshold tune.h2.fe.initial-window-size tune.h2.fe.max-concurrent-streams
      tune.h2.fe.max-total-streams tune.h2.initial-window-size tune.h2.max-concurrent-streams`,
    one(positive),
  ),
  ...forKeywords('tune.h2.be.max-frames-at-once tune.h2.fe.max-frames-at-once tune.h2.fe.max-rst-at-once', atMost(1)),
  ...forKeywords('tune.h2.be.rxbuf tune.h2.fe.rxbuf', one(sizeArgument())),
  ['tune.h2.header-table-size', one(inRange(4096, 65536, ' expects a numeric value between 4096 and 65536.'))],
  ['tune.h2.log-errors', one(oneOf(['none', 'connection', 'stream'], " expects 'none', 'connection', or 'stream'"))],
  ['tune.h2.max-frame-size', one(inRange(16384, 16777215, ' expects a numeric value between 16384 and 16777215.'))],
]
