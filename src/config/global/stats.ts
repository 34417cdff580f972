/** `stats` in the section `global`: the sockets of the runtime API (cli_parse_global in src/cli.c). */
import { atol } from '../../bytes/integers.js'
import { makeBinds, makeBindSettings, readBindAddresses, readBindSettings } from '../bind/line.js'
import { BIND_TLS } from '../bind/tls.js'
import type { Line } from '../syntax/line.js'
import type { LineResult, Reading } from '../reading.js'
import { isDurationError, parseDuration } from '../syntax/units.js'

export const readStatsLine = (reading: Reading, line: Line): LineResult => {
  reading.global.proxiesBeforeRuntime ??= reading.proxies.length
  switch (line.at(1)) {
    case 'socket':
      return readSocket(reading, line)
    case 'timeout':
      return readTimeout(reading, line)
    case 'maxconn':
      if (atol(line.at(2)) <= 0) return reading.alert(line, `'stats maxconn' expects a positive value`)
      reading.global.statsMaxconn = atol(line.at(2))
      return 'ok'
    case 'bind-process':
      return reading.alert(line, `'stats bind-process' is not supported anymore.`)
    default:
      return reading.alert(
        line,
        `'stats' only supports 'socket', 'maxconn', 'bind-process' and 'timeout' (got '${line.at(1)}')`,
      )
  }
}

/** HAProxy reads the certificates, and never sets TLS up for these sockets. */
const PLAIN_SOCKET =
  "'ssl' of 'stats socket' is read by HAProxy 3.2, which speaks without TLS there all the same, and so does hapsim."

const readSocket = (reading: Reading, line: Line): LineResult => {
  const text = line.at(2)
  if (text === '')
    return reading.alert(line, "'stats socket' in global section expects an address or a path to a UNIX socket")
  const addresses = readBindAddresses(reading, text, 'stats socket')
  if (typeof addresses === 'string') {
    const twice = `parsing [${line.file}:${line.line}] : `
    return reading.alert(line, `${twice}'stats socket' : ${addresses}\n`)
  }
  const settings = makeBindSettings()
  const others = reading.global.statsSockets.map(({ bind }) => bind)
  const problem = readBindSettings(reading, line, 3, { addresses, others }, settings, (name) => {
    if (!BIND_TLS.has(name)) reading.notEmulated(line, `'${name}' of 'stats socket'`, 'runtime')
    else if (name === 'ssl') reading.main.hapsimWarning(line.place, PLAIN_SOCKET)
  })
  if (problem && 'error' in problem) return reading.alert(line, `'stats socket' : '${problem.error}'`)
  if (problem) {
    const hint = problem.best === undefined ? '' : ` Did you mean '${problem.best}' maybe ?`
    return reading.alert(line, `'stats socket' : unknown keyword '${problem.unknown}'.${hint}`)
  }
  for (const bind of makeBinds(text, addresses, settings, line))
    reading.global.statsSockets.push({ bind, level: settings.level })
  return 'ok'
}

const readTimeout = (reading: Reading, line: Line): LineResult => {
  const text = line.at(2)
  const parsed = parseDuration(text)
  if (!isDurationError(parsed)) {
    if (parsed.value === 0) return reading.alert(line, "'stats timeout' expects a positive value")
    reading.global.statsTimeout = parsed.value
    return 'ok'
  }
  const what = `in argument '${text}' to 'stats timeout'`
  if (parsed === 'overflow')
    return reading.alert(line, `timer overflow ${what} (maximum value is 2147483647 ms or ~24.8 days)`)
  if (parsed === 'underflow') return reading.alert(line, `timer underflow ${what} (minimum non-null value is 1 ms)`)
  return reading.alert(line, `'stats timeout' : unexpected character '${parsed.unexpected}'`)
}
