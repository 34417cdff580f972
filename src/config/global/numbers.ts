/** Keywords of `global` with one number, a size or a rate, whose value is used as it is. */
import { parseSize } from '../syntax/units.js'
import type { GlobalDraft } from './draft.js'

type NumberSetting =
  | 'bufsize'
  | 'maxrewrite'
  | 'maxHeaders'
  | 'cookieLength'
  | 'requestLineLength'
  | 'rulesAtOnce'
  | 'clientSendBuffer'
  | 'clientReceiveBuffer'
  | 'clientUnsent'
  | 'serverSendBuffer'
  | 'serverReceiveBuffer'
  | 'serverUnsent'
  | 'stickCounters'
  | 'connectionRate'
  | 'sessionRate'
  | 'sslRate'
  | 'compressionRate'

/** Keywords of one number. */
const NUMBERS: ReadonlyMap<string, NumberSetting> = new Map([
  ['tune.bufsize', 'bufsize'],
  ['tune.maxrewrite', 'maxrewrite'],
  ['tune.http.maxhdr', 'maxHeaders'],
  ['tune.http.cookielen', 'cookieLength'],
  ['tune.http.logurilen', 'requestLineLength'],
  ['tune.max-rules-at-once', 'rulesAtOnce'],
  ['tune.stick-counters', 'stickCounters'],
  ['tune.sndbuf.client', 'clientSendBuffer'],
  ['tune.rcvbuf.client', 'clientReceiveBuffer'],
  ['tune.notsent-lowat.client', 'clientUnsent'],
  ['tune.sndbuf.server', 'serverSendBuffer'],
  ['tune.rcvbuf.server', 'serverReceiveBuffer'],
  ['tune.notsent-lowat.server', 'serverUnsent'],
  ['maxconnrate', 'connectionRate'],
  ['maxsessrate', 'sessionRate'],
  ['maxsslrate', 'sslRate'],
  ['maxcomprate', 'compressionRate'],
])

/** Those of {@link NUMBERS} that take effect. */
const EMULATED_NUMBERS: ReadonlySet<string> = new Set([
  'tune.bufsize',
  'tune.maxrewrite',
  'tune.http.maxhdr',
  'tune.http.cookielen',
  'tune.http.logurilen',
  'tune.max-rules-at-once',
  'maxconnrate',
  'maxsessrate',
])

/** Sets what a keyword names, if it is one of these and its value is valid. Returns whether it takes effect. */
export const readNumber = (global: GlobalDraft, keyword: string, value: string): boolean => {
  const setting = NUMBERS.get(keyword)
  const number = setting && parseSize(value)
  if (setting && typeof number === 'number') global[setting] = number
  return EMULATED_NUMBERS.has(keyword)
}
