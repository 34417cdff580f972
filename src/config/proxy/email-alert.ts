/** `email-alert` in proxies (src/cfgparse-listen.c). */
import type { ProxyDraft } from './draft.js'
import type { EmailAlertDraft } from './settings.js'
import type { Line } from '../syntax/line.js'
import { logLevelOf } from './log.js'
import type { LineResult, ParseContext } from '../parse-context.js'

/** The default level, `alert`: less severe messages are not mailed. */
const DEFAULT_LEVEL = 1

/** Parses an `email-alert` line. */
export const readEmailAlert = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  const [keyword, which, value] = [line.at(0), line.at(1), line.at(2)]
  const set = (part: Partial<EmailAlertDraft>): LineResult => {
    proxy.change({ emailAlert: { level: DEFAULT_LEVEL, ...proxy.settings.emailAlert, ...part } })
    return 'ok'
  }
  switch (which) {
    case '':
      return context.alert(line, `missing argument after '${keyword}'.`)
    case 'mailers':
    case 'from':
    case 'to':
    case 'myhostname':
      if (value === '') return context.alert(line, `missing argument after '${which}'.`)
      return set({ [which]: value })
    case 'level': {
      const level = logLevelOf(value)
      if (level < 0) return context.alert(line, `unknown log level '${value}' after '${which}'`)
      return set({ level })
    }
    default:
      return context.alert(line, `email-alert: unknown argument '${which}'.`)
  }
}
