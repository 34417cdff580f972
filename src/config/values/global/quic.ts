/** `tune.quic.…` in `global` (src/cfgparse-quic.c). */
import { atoi } from '../../../bytes/integers.js'
import { isDurationError, parseDuration } from '../../syntax/units.js'
import { all, forKeywords, inRange, oneOf, type ValueCheck } from '../check.js'
import { atMost, one, sizeArgument, type GlobalCheck } from './check.js'

/** Not 0; negative numbers are taken as large ones. */
const positive: ValueCheck = (name, [value = '']) =>
  atoi(value) === 0 ? `'${name}' expects a positive integer.` : undefined

const KIB = 1024
const MIN_WINDOW = 10 * KIB
const MAX_WINDOW = 4 * KIB ** 3
const UNITS: Readonly<Record<string, number>> = { k: KIB, m: KIB ** 2, g: KIB ** 3 }

/** A congestion window in bytes (`parse_window_size`). */
const windowSize: ValueCheck = (name, [value = '']) => {
  const [number, digits, unit = ''] = /^\s*([+-]?\d+)([kmg]?)/.exec(value) ?? []
  if (number === undefined) return `'${name}' : could not parse congestion window value`
  const bytes = Number(digits) * (UNITS[unit] ?? 1)
  if (bytes < MIN_WINDOW || bytes > MAX_WINDOW) return `'${name}' : should be between 10k and 4g`
  return number === value ? undefined : `'${name}' : expects an integer value with an optional suffix 'k', 'm' or 'g'`
}

const idleTimeout: ValueCheck = (name, [value = '']) => {
  const parsed = parseDuration(value)
  if (!isDurationError(parsed)) return undefined
  const what = `in argument '${value}' to '${name}'`
  if (parsed === 'overflow') return `timer overflow ${what} (maximum value is 2147483647 ms or ~24.8 days)`
  if (parsed === 'underflow') return `timer underflow ${what} (minimum non-null value is 1 ms)`
  return `unexpected character '${parsed.unexpected}' in '${name}'`
}

const bufferLimit: GlobalCheck = (context, line) => {
  const result = one(positive)(context, line)
  if (result === 'ok')
    context.warn(
      line,
      `'${line.at(0)}' keyword is now obsolete and has no effect. ` +
        "Use 'tune.quic.frontend.default-max-window-size' to limit Tx buffer allocation per connection.",
    )
  return result
}

/** Checks by keyword. */
export const QUIC_CHECKS: readonly (readonly [string, GlobalCheck])[] = [
  ...forKeywords('tune.quic.disable-tx-pacing tune.quic.disable-udp-gso', atMost(0)),
  ...forKeywords(
    'tune.quic.cc-hystart tune.quic.zero-copy-fwd-send',
    one(oneOf(['on', 'off'], " expects 'on' or 'off'.")),
  ),
  ...forKeywords(
    `tune.quic.cc.cubic.min-losses tune.quic.frontend.glitches-threshold tune.quic.frontend.max-streams-bidi
      tune.quic.max-frame-loss tune.quic.retry-threshold`,
    one(positive),
  ),
  ['tune.quic.frontend.conn-tx-buffers.limit', bufferLimit],
  ['tune.quic.frontend.default-max-window-size', one(all(positive, windowSize))],
  ['tune.quic.frontend.max-data-size', one(all(positive, sizeArgument()))],
  ['tune.quic.frontend.max-idle-timeout', one(idleTimeout)],
  ['tune.quic.frontend.max-tx-mem', one(all(positive, sizeArgument(64)))],
  [
    'tune.quic.frontend.stream-data-ratio',
    one(all(positive, inRange(1, 100, ' expects an integer argument between 1 and 100.'))),
  ],
  ['tune.quic.reorder-ratio', one(all(positive, inRange(0, 100, ' expects an integer argument between 0 and 100.')))],
  [
    'tune.quic.socket-owner',
    one(oneOf(['listener', 'connection'], " expects either 'listener' or 'connection' but got '%'.")),
  ],
]
