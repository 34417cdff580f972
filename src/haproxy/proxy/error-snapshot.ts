/** The last invalid request and response of a proxy, which `show errors` shows (`proxy_capture_error` in src/proxy.c, src/mux_h1.c). */
import type { Micros } from '../../engine/clock.js'
import { stateName, type MessageError } from '../../http/index.js'
import { isIp, type Address } from '../../net/address.js'
import { localDateText } from '../logs/aliases/dates.js'
import type { LogProcess } from '../logs/subject.js'

/** A proxy or a server in the text. */
interface Named {
  readonly name: string
  readonly id: number
}

const NONE: Named = { name: '<NONE>', id: -1 }

export interface ErrorSnapshot {
  readonly direction: 'request' | 'response'
  /** number among all of the process */
  readonly event: number
  /** wall clock */
  readonly when: Micros
  readonly proxy: Named
  /** the backend of an invalid request, the frontend of an invalid response */
  readonly other: Named | undefined
  readonly server: Named | undefined
  readonly source: Address | undefined
  readonly error: MessageError
}

/** Flags of the connection and the stream of the multiplexer, which are not emulated: as HAProxy shows them for errors in a head. */
const MUX_FLAGS = {
  request: { connection: '0x00000000', stream: '0x00000810' },
  response: { connection: '0x80000100', stream: '0x00014810' },
} as const

/** Bytes at the beginning of a buffer that are left free for the header of what is parsed (`struct htx`). */
const BUFFER_HEADER = 48

const shown = ({ name, id }: Named): string => `${name} (#${id})`

/** The text of a snapshot (`cli_io_handler_show_errors`). @param bufsize `tune.bufsize` */
export const snapshotText = (snapshot: ErrorSnapshot, process: LogProcess, bufsize: number): string => {
  const { direction, event, when, proxy, other = NONE, server = NONE, source, error } = snapshot
  const { input, position, state, flags } = error
  const [side, opposite] = direction === 'request' ? ['frontend', 'backend'] : ['backend', 'frontend']
  const from = source === undefined ? ':0' : isIp(source) ? `${source.ip}:${source.port}` : 'unix:0'
  const mux = MUX_FLAGS[direction]
  return (
    ` \n[${localDateText(when, process)}] ${side} ${shown(proxy)}: invalid ${direction}\n` +
    `  ${opposite} ${shown(other)}, server ${shown(server)}, event #${event}, src ${from}\n` +
    `  buffer starts at 0 (including 0 out), ${bufsize - input.length} free,\n` +
    `  len ${input.length}, wraps at ${bufsize - BUFFER_HEADER}, error at position ${position}\n` +
    `  H1 connection flags ${mux.connection}, H1 stream flags ${mux.stream}\n` +
    `  H1 msg state ${stateName(state)}(${state}), H1 msg flags 0x${flags.toString(16).padStart(8, '0')}\n` +
    `  H1 chunk len 0 bytes, H1 body len 0 bytes :\n  \n${bufferText(input)}`
  )
}

/** The first line of `show errors`. */
export const capturedText = (count: number, now: Micros, process: LogProcess): string =>
  `Total events captured on [${localDateText(now, process)}] : ${count}\n`

/** Characters of a line, with its position (`dump_text_line` in src/tools.c). */
const LINE_WIDTH = 80

const ESCAPES: Readonly<Record<string, string>> = {
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\x1b': '\\e',
  '\\': '\\\\',
}

const escaped = (char: string): string =>
  ESCAPES[char] ??
  (char >= ' ' && char <= '~' ? char : `\\x${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)

/** Bytes, a line for each of theirs; `+` marks the rest of a long one. */
const bufferText = (bytes: string): string => {
  let text = ''
  let isContinued = false
  for (let at = 0; at < bytes.length;) {
    let line = `  ${String(at).padStart(5, '0')}${isContinued ? '+' : ' '} `
    isContinued = true
    while (at < bytes.length) {
      const char = escaped(bytes[at]!)
      if (line.length + char.length >= LINE_WIDTH) break
      line += char
      if (bytes[at++] !== '\n') continue
      isContinued = false
      break
    }
    text += `${line}\n`
  }
  return text
}
