/** A section `ring` while it is parsed. */
import { varintLength } from '../../bytes/varints.js'
import type { RingConfig } from '../model/rings.js'
import { ProxyDraft } from '../proxy/draft.js'
import { SectionKey } from '../section-drafts.js'
import type { Place } from '../syntax/place.js'

/** `BUFSIZE` */
const DEFAULT_SIZE = 16384

/** `sizeof(struct ring_storage)` */
const HEADER_SIZE = 192

/** A section `ring`, and the proxy through which it forwards. */
export class RingDraft implements RingConfig {
  description: string
  format = 'raw'
  maxLength: number | undefined
  backingFile: string | undefined
  size = DEFAULT_SIZE
  readonly proxy: ProxyDraft

  constructor(
    readonly name: string,
    readonly place: Place,
  ) {
    this.description = name
    this.proxy = new ProxyDraft(name, 'backend', place)
  }

  get servers(): RingConfig['servers'] {
    return this.proxy.servers
  }
  get timeoutConnect(): RingConfig['timeoutConnect'] {
    return this.proxy.timeouts.connect
  }
  get timeoutServer(): RingConfig['timeoutServer'] {
    return this.proxy.timeouts.server
  }

  /** Changes the size; a smaller one than the ring needs by itself is ignored. */
  resize(size: number): void {
    if (size > HEADER_SIZE + 1) this.size = size
  }

  /** What it can hold, in bytes. */
  get capacity(): number {
    return this.size - HEADER_SIZE
  }

  /** The length of the longest event that fits, in bytes (ring_max_payload in src/ring.c). */
  get maxPayload(): number {
    const room = this.capacity - 2
    return room - varintLength(room)
  }
}

/** The sections `ring` of a configuration. */
export const RINGS = new SectionKey<RingDraft>('ring')

/** The rings and outputs that HAProxy has by itself. */
export const BUILT_IN_SINKS: readonly string[] = ['stdout', 'stderr', 'buf0', 'dpapi']
