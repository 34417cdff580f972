/** An endpoint that is a network connection. */
import type { Address } from '../../net/address.js'
import type { ConnectionError } from '../connections/errors.js'
import { Endpoint } from '../streams/endpoint.js'
import type { Transport } from './transport.js'

/** Bytes that are kept for sending at most. */
export const MOST_PENDING = 16_384

export abstract class ConnectionEndpoint extends Endpoint {
  readonly kind = 'connection'

  constructor(readonly transport: Transport) {
    super()
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
