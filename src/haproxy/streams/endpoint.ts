/**
 * What is at either end of a stream: a connection that a multiplexer reads and writes, or an applet (`struct sedesc`,
 * include/haproxy/stconn-t.h). Endpoints move data between the network and the channels of the stream, and report what has happened; the
 * stream asks within its steps.
 */
import type { Micros } from '../../engine/clock.js'
import type { Address } from '../../net/address.js'
import { EndEvents } from '../connections/end-events.js'
import type { ConnectionError } from '../connections/errors.js'
import type { Proxy } from '../proxy/proxy.js'
import type { Server } from '../server/server.js'
import { NEVER, type Channel } from './channel.js'
import type { Session } from './session.js'

/** What an endpoint asks of its stream. */
export interface EndpointOwner {
  /** Something has happened that the stream has to look at. */
  wake(): void
  readonly session: Session
  readonly backend: Proxy
  readonly server: Server | undefined
}

export abstract class Endpoint {
  /** its stream; undefined once it is detached, or before there is one */
  owner: EndpointOwner | undefined
  /** when something was received last (`lra`); NEVER: timeouts of reading do not apply */
  lastRead: Micros = NEVER
  /** since when nothing could be sent (`fsb`) */
  blockedSince: Micros = NEVER
  /** the message, or the input, is complete (`SE_FL_EOI`) */
  endOfInput = false
  /** the peer has closed its side, and everything before was received (`SE_FL_EOS`) */
  endOfStream = false
  /** the connection has failed (`SE_FL_ERROR`) */
  hasFailed = false
  /** sending has failed; what was received before can still be read (`SE_FL_ERR_PENDING`) */
  sendFailed = false
  /** it does not expect data from the other side for now, so that the other side's timeout does not apply (`SE_FL_EXP_NO_DATA`) */
  expectsNoData = false
  /** a shutdown closes the connection, though it could be kept (`SE_FL_KILL_CONN`) */
  killsConnection = false
  /** the stream has shut it */
  isShut = false
  /** what led to its end, as its stream has seen it */
  readonly endEvents = new EndEvents()
  /** input is waiting for room in the channel (`SE_FL_WANT_ROOM`) */
  wantsRoom = false

  /** Whether input may pass the channel by, so that what the channel holds has to leave first (`SE_FL_MAY_FASTFWD_PROD`). */
  get mayFastForward(): boolean {
    return false
  }

  abstract readonly kind: 'connection' | 'applet'
  /** Whether data can be sent: the connection is established, handshakes included. */
  abstract readonly isReady: boolean
  /** Whether there may be something to receive. */
  abstract readonly hasInput: boolean
  /** addresses of the connection */
  abstract readonly local: Address | undefined
  abstract readonly remote: Address | undefined
  /** the number of the file descriptor of the connection; -1 if it has none */
  get descriptor(): number {
    return -1
  }

  /** Why the connection has failed, or `NONE`; undefined as long as it is being established, and for applets. */
  get connectionError(): ConnectionError | undefined {
    return undefined
  }

  /**
   * Moves what has been received into the channel.
   * @param keepsReading whether the end of the connection has to be noticed though the message is complete (`option abortonclose`)
   * @returns whether anything was received
   */
  abstract receive(channel: Channel, keepsReading: boolean): boolean
  /** Sends what the channel has scheduled; returns whether anything was taken. */
  abstract send(channel: Channel): boolean
  /**
   * Ends sending.
   * @param mode `silent`: without waiting for what is to be sent
   */
  abstract shut(mode: 'normal' | 'silent'): void
  /** The stream leaves it. */
  abstract detach(): void
  /** Applets: runs once more, in a step of the endpoint's task. */
  resume?(): void
}
