/** What led to the end of a connection or of a stream, in the order in which it happened (`tevt_report_event`, include/haproxy/connection.h). */

/** Kinds of events, as `term_events` shows them (`enum *_tevt_type`, include/haproxy/connection-t.h). */
export const EndEvent = {
  /** the own side was closed */
  SHUT: '1',
  /** the peer has closed its side */
  END: '2',
  RECEIVE_ERROR: '3',
  SEND_ERROR: '4',
  /** the peer has closed its side within a message */
  TRUNCATED_END: '5',
  TRUNCATED_RECEIVE_ERROR: '6',
  /** a connection could not be established */
  CONNECT_ERROR: '7',
  /** of multiplexers and streams */
  TIMEOUT: '7',
  /** rules have ended it */
  INTERCEPTED: '8',
  PROTOCOL_ERROR: '9',
  INTERNAL_ERROR: 'A',
  /** of connections: an error was there before something was sent, or the end together with data */
  POLLED_ERROR: 'A',
  POLLED_END: 'B',
  /** the rest of a request is discarded */
  GRACEFUL_SHUT: 'C',
} as const

/** More events than that are not recorded. */
const MOST = 4

/** The events of one connection, multiplexer, endpoint or stream. */
export class EndEvents {
  #text = ''

  /**
   * Records an event, unless it is the same as the last one.
   * @param location `f` connection, `h` handshake, `m` multiplexer, `e` endpoint, `s` or `S` side of a stream
   */
  report(location: string, type: string): void {
    const event = location + type
    if (this.#text.length < MOST * 2 && !this.#text.endsWith(event)) this.#text += event
  }

  clear(): void {
    this.#text = ''
  }

  /** @param isBack whether they are those of the side of the server, which are shown in capital letters */
  text(isBack = false): string {
    return isBack ? this.#text.replace(/[a-z]/g, (location) => location.toUpperCase()) : this.#text
  }
}
