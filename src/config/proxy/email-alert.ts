/** `email-alert` in proxies (src/cfgparse-listen.c). */
import type { EmailAlertDraft, ProxyDraft } from './draft.js'
import type { Line } from '../syntax/line.js'
import { logLevelOf } from './log.js'
import type { LineResult, Reading } from '../reading.js'

/** `alert`: mails about less are not sent unless told otherwise. */
const DEFAULT_LEVEL = 1

export const readEmailAlert = (reading: Reading, line: Line, proxy: ProxyDraft): LineResult => {
  const [keyword, which, value] = [line.at(0), line.at(1), line.at(2)]
  const set = (part: Partial<EmailAlertDraft>): LineResult => {
    proxy.change({ emailAlert: { level: DEFAULT_LEVEL, ...proxy.settings.emailAlert, ...part } })
    return 'ok'
  }
  switch (which) {
    case '':
      return reading.alert(line, `missing argument after '${keyword}'.`)
    case 'mailers':
    case 'from':
    case 'to':
    case 'myhostname':
      if (value === '') return reading.alert(line, `missing argument after '${which}'.`)
      return set({ [which]: value })
    case 'level': {
      const level = logLevelOf(value)
      if (level < 0) return reading.alert(line, `unknown log level '${value}' after '${which}'`)
      return set({ level })
    }
    default:
      return reading.alert(line, `email-alert: unknown argument '${which}'.`)
  }
}
