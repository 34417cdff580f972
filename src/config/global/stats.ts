/** `stats` in the section `global`: the sockets of the runtime API (cli_parse_global in src/cli.c). */
import { atol } from '../../bytes/integers.js'
import { makeBinds, makeBindSettings, readBindAddresses, readBindSettings } from '../bind/line.js'
import { BIND_TLS } from '../bind/tls.js'
import type { Line } from '../syntax/line.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import { isDurationError, parseDuration } from '../syntax/units.js'

/** Parses a `stats` line of the `global` section. */
export const readStatsLine = (context: ParseContext, line: Line): LineResult => {
  context.global.proxiesBeforeRuntime ??= context.proxies.length
  switch (line.at(1)) {
    case 'socket':
      return readSocket(context, line)
    case 'timeout':
      return readTimeout(context, line)
    case 'maxconn':
      if (atol(line.at(2)) <= 0) return context.alert(line, `'stats maxconn' expects a positive value`)
      context.global.statsMaxconn = atol(line.at(2))
      return 'ok'
    case 'bind-process':
      return context.alert(line, `'stats bind-process' is not supported anymore.`)
    default:
      return context.alert(
        line,
        `'stats' only supports 'socket', 'maxconn', 'bind-process' and 'timeout' (got '${line.at(1)}')`,
      )
  }
}

/** HAProxy loads the certificates, but never sets up TLS for these sockets. */
const PLAIN_SOCKET = "HAProxy 3.2 accepts 'ssl' on 'stats socket' but does not use TLS there; neither does hapsim."

const readSocket = (context: ParseContext, line: Line): LineResult => {
  const text = line.at(2)
  if (text === '')
    return context.alert(line, "'stats socket' in global section expects an address or a path to a UNIX socket")
  const addresses = readBindAddresses(context, text, 'stats socket')
  if (typeof addresses === 'string') {
    const repeatedPrefix = `parsing [${line.file}:${line.line}] : `
    return context.alert(line, `${repeatedPrefix}'stats socket' : ${addresses}\n`)
  }
  const settings = makeBindSettings()
  const others = context.global.statsSockets.map(({ bind }) => bind)
  const problem = readBindSettings(context, line, 3, { addresses, others }, settings, (name) => {
    if (!BIND_TLS.has(name)) context.notEmulated(line, `'${name}' of 'stats socket'`, 'runtime')
    else if (name === 'ssl') context.main.hapsimWarning(line.place, PLAIN_SOCKET)
  })
  if (problem && 'error' in problem) return context.alert(line, `'stats socket' : '${problem.error}'`)
  if (problem) {
    const hint = problem.best === undefined ? '' : ` Did you mean '${problem.best}' maybe ?`
    return context.alert(line, `'stats socket' : unknown keyword '${problem.unknown}'.${hint}`)
  }
  for (const bind of makeBinds(text, addresses, settings, line))
    context.global.statsSockets.push({ bind, level: settings.level })
  return 'ok'
}

const readTimeout = (context: ParseContext, line: Line): LineResult => {
  const text = line.at(2)
  const parsed = parseDuration(text)
  if (!isDurationError(parsed)) {
    if (parsed.value === 0) return context.alert(line, "'stats timeout' expects a positive value")
    context.global.statsTimeout = parsed.value
    return 'ok'
  }
  const what = `in argument '${text}' to 'stats timeout'`
  if (parsed === 'overflow')
    return context.alert(line, `timer overflow ${what} (maximum value is 2147483647 ms or ~24.8 days)`)
  if (parsed === 'underflow') return context.alert(line, `timer underflow ${what} (minimum non-null value is 1 ms)`)
  return context.alert(line, `'stats timeout' : unexpected character '${parsed.unexpected}'`)
}
