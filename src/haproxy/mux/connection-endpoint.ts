/** An endpoint that is a network connection. */
import type { Address } from '../../net/address.js'
import { EndEvents } from '../connections/end-events.js'
import type { ConnectionError } from '../connections/errors.js'
import { Endpoint } from '../streams/endpoint.js'
import type { Transport } from './transport.js'

/** Bytes that are kept for sending at most. */
export const MOST_PENDING = 16_384

export abstract class ConnectionEndpoint extends Endpoint {
  readonly kind = 'connection'
  /** what led to the end of the connection, as its multiplexer has seen it */
  readonly muxEvents = new EndEvents()

  constructor(readonly transport: Transport) {
    super()
  }

  /** Records an event of the multiplexer and of the endpoint. */
  protected reportEvent(type: string): void {
    this.endEvents.report('e', type)
    this.muxEvents.report('m', type)
  }

  get isReady(): boolean {
    return this.transport.isReady
  }

  override get connectionError(): ConnectionError | undefined {
    return this.transport.failure
  }

  override get descriptor(): number {
    return this.transport.descriptor
  }

  get local(): Address | undefined {
    return this.transport.local
  }

  get remote(): Address | undefined {
    return this.transport.remote
  }
}
