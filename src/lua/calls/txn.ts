/** What a function of a script is called for in a stream, and the objects that represent it in Lua (`struct hlua_txn`, src/hlua.c). */
import type { Proxy } from '../../haproxy/proxy/proxy.js'
import type { SampleContext, SampleDirection } from '../../haproxy/samples/context.js'
import { samplesOf } from '../../haproxy/streams/samples.js'
import type { Stream } from '../../haproxy/streams/stream.js'

/** In Lua, an object of the class TXN. */
export class Txn {
  constructor(
    readonly stream: Stream,
    /** the one whose rule or expression calls the function */
    readonly proxy: Proxy,
    readonly direction: SampleDirection,
    /** whether the function may end the stream; fetches may not (`HLUA_TXN_NOTERM`) */
    readonly mayEnd: boolean,
    /** whether the function is a callback of a filter (`HLUA_TXN_FLT_CTX`) */
    readonly isOfFilter = false,
  ) {}

  /** What expressions are evaluated for. */
  get samples(): SampleContext {
    const { stream, proxy, direction } = this
    return samplesOf(stream, proxy, false, direction)
  }
}

/** What fetches and converters called from Lua are evaluated for. */
export interface SampleCaller {
  /** whose frontend, backend or table they use by default; undefined in the runtime API */
  readonly proxy: Proxy | undefined
  readonly samples: SampleContext
}

/** Fetches as methods; in Lua, `txn.f` and `txn.sf`. */
export class Fetches {
  constructor(
    readonly caller: SampleCaller,
    /** results are strings, and none is '' */
    readonly asText: boolean,
    /** whether fetches of what the channels hold are available */
    readonly withChannels: boolean,
  ) {}
}

/** Converters as methods; in Lua, `txn.c` and `txn.sc`. */
export class Converters {
  constructor(
    readonly caller: SampleCaller,
    /** results are strings, and none is '' */
    readonly asText: boolean,
  ) {}
}

/** The messages of a transaction; in Lua, `txn.http`. */
export class HttpMessages {
  constructor(readonly txn: Txn) {}
}
