/** Masks of what differs between two plays of the same case by the same program: times, ports, addresses in memory, counters of the process. */

/** Durations are compared in classes of so many ms … */
const CLASS_MS = 200

/** … and may be so much shorter than their class. */
const EARLY_MS = 20

/** A duration as the lower end of its class. */
export const durationClass = (ms: number): number => Math.max(0, Math.floor((ms + EARLY_MS) / CLASS_MS) * CLASS_MS)

/** The addresses of a case, to replace by their names. */
export interface Known {
  readonly id: string
  readonly host: string
  /** names by port */
  readonly ports: Map<number, string>
}

/** An address of IPv4 as log formats show it with the flag `X`. */
const hexadecimal = (host: string): string =>
  host
    .split('.')
    .map((byte) => Number(byte).toString(16).toUpperCase().padStart(2, '0'))
    .join('')

/** Addresses, ports and the name of the case in any text. */
export const maskNames = (text: string, { id, host, ports }: Known): string =>
  text
    .replaceAll(`${id}.`, '')
    .replaceAll(id, 'ID')
    .replaceAll(host, 'HOST')
    .replaceAll(hexadecimal(host), 'HEX(HOST)')
    .replace(/\b[2-6]\d{4}\b/g, (port) => ports.get(Number(port)) ?? port)

/** The header of version 2 of the PROXY protocol with addresses of IPv4: its first 16 bytes, addresses, ports. */
const PROXY_HEADER = /(\r\n\r\n\0\r\nQUIT\n[^].\0.)([^]{8})[^]{4}/

/** What was received, with addresses and ports masked. */
export const maskBytes = (bytes: string, known: Known): string =>
  maskNames(bytes.replace(PROXY_HEADER, '$1ADDRESSES(8)PORTS(4)'), known)

/** Numbers of more than four digits. */
export const maskAmounts = (line: string): string => line.replace(/(?<![\d.])\d{5,}\b/g, 'MANY')

/** When a peer has ended, and the timers of the format of log lines. */
export const maskTimes = (line: string): string =>
  line.replace(/(?<== (?:FIN|RST)) at \d+ ms$/, '').replace(/\bt=[-+\d/]+/, 't=TIMES')

/** Timers of a log line: after `t=` in the formats of the cases, after the date in HAProxy's own formats. */
const TIMERS = /(?<=\bt=)[-+\d/]+|(?<=DATE\] \S+ \S+ )[-+\d/]+/g

/** The number of connections of the process, after the flags in HAProxy's formats. */
const ACTIVE_CONNECTIONS = /(?<=DATE\].* [-\w]{2,4} )\d+(?=(?:\/\+?\d+){4} )/

/** The same of the backend and the server of the HTTP client, which all cases share. */
const SHARED_CONNECTIONS = /(?<=<HTTPCLIENT>.* N\/0\/)\d+\/\d+/

/** After the port of the client, milliseconds; after proxies and server, five timers, flags, and the connections of the process. */
const CLF_DETAILS = /(?<=DATE\].* )(PORT\([^)]*\)) \d+ ("[^"]*" "[^"]*" "[^"]*")(?: -?\d+){5} (\S{4}) \d+/

export const maskLogLine = (line: string, known: Known): string =>
  maskNames(line, known)
    .replace(/\[\d\d\/\w{3}\/\d{4}:[\d:.]+(?: [-+]\d{4})?\]/g, '[DATE]')
    .replace(TIMERS, (timers) =>
      timers.replace(/\d+/g, (ms, at: number) =>
        timers[at - 1] === '-' ? (ms === '1' ? ms : 'N') : String(durationClass(Number(ms))),
      ),
    )
    .replace(ACTIVE_CONNECTIONS, 'N')
    .replace(SHARED_CONNECTIONS, 'N/N')
    .replace(CLF_DETAILS, '$1 MS $2 TIMERS $3 N')

/** Columns of `show stat` that depend on time, or on other cases of the process. */
const TIMED_COLUMNS = new Set(
  [
    'qtime',
    'ctime',
    'rtime',
    'ttime',
    'qtime_max',
    'ctime_max',
    'rtime_max',
    'ttime_max',
    'rate',
    'rate_max',
    'req_rate',
  ].concat([
    'req_rate_max',
    'conn_rate',
    'conn_rate_max',
    'lastsess',
    'downtime',
    'lastchg',
    'check_duration',
    'agent_duration',
  ]),
)

/** HAProxy counts what it forwards from buffer to buffer twice. */
const FORWARDED_COLUMNS = /^h1_bytes_(?:in|out)$/

/** Whether a column is not compared. */
export const isMaskedColumn = (name: string): boolean => TIMED_COLUMNS.has(name) || FORWARDED_COLUMNS.test(name)

/** A line of `show sess`: its shape and state. */
export const maskSession = (line: string, known: Known): string =>
  maskNames(line, known)
    .replace(/0x[0-9a-f]{6,}/g, 'POINTER')
    .replace(/\b(epoch|calls|rate|cpu|lat|age|ts|tid|id)=\S+/g, '$1=N')
    .replace(/\b(exp|rex|wex|ax)=(?=\d)[^,\] ]+/g, '$1=N')
    .replace(/\bfd=\d+/g, 'fd=N')
