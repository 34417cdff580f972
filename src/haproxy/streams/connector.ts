/**
 * One side of a stream (`struct stconn`, src/stconn.c): connects a channel of input and one of output to an endpoint, and keeps how far
 * either direction is closed.
 */
import type { Micros } from '../../engine/clock.js'
import { EndEvent, type EndEvents } from '../connections/end-events.js'
import { ChannelFlag, NEVER, type Channel } from './channel.js'
import type { Endpoint } from './endpoint.js'

const { READ_EVENT, WRITE_EVENT, WRITE_TIMEOUT, WROTE_DATA, AUTO_CLOSE, DONT_READ } = ChannelFlag

/** States of the connection, in the order in which it passes through them (`enum sc_state`). */
export enum SideState {
  /** nothing is requested yet */
  INI,
  /** a connection is requested */
  REQ,
  /** the request is in a queue */
  QUE,
  /** a pause before the next attempt */
  TAR,
  /** a server is assigned */
  ASS,
  /** the connection is being established */
  CON,
  /** the attempt has failed */
  CER,
  /** the connection is established */
  RDY,
  /** the stream has noticed that */
  EST,
  /** it is disconnected */
  DIS,
  CLO,
}

/** Bits of {@link Connector.flags}, with the values of HAProxy's `SC_FL_*`. */
export const SideFlag = {
  /** closes with a reset, without waiting for what is to be sent */
  NOLINGER: 0x8,
  /** a close of one direction closes the other, too */
  NOHALF: 0x10,
  /** reading does not count as activity of writing and the reverse (`option independent-streams`) */
  INDEPENDENT: 0x40,
  WONT_READ: 0x80,
  NEED_ROOM: 0x200,
  /** one read is usually enough; only shown */
  RCV_ONCE: 0x400,
  /** what is scheduled is sent at once; only shown */
  SND_ASAP: 0x800,
  /** what is sent is not held back for more; only shown */
  SND_NEVERWAIT: 0x1000,
  /** the input is complete */
  EOI: 0x2,
  /** the peer has closed its side */
  EOS: 0x40000,
  ERROR: 0x4,
  /** reading is to be aborted, was aborted */
  ABORT_WANTED: 0x4000,
  ABORT_DONE: 0x10000,
  /** writing is to be shut down, was shut down */
  SHUT_WANTED: 0x8000,
  SHUT_DONE: 0x20000,
} as const

const { EOI, EOS, ERROR, ABORT_WANTED, ABORT_DONE, SHUT_WANTED, SHUT_DONE, NOLINGER, NOHALF, NEED_ROOM } = SideFlag

/** No more input will come. */
export const INPUT_CLOSED = EOS | ABORT_DONE
export const ANY_SHUT = SHUT_WANTED | SHUT_DONE
export const ANY_ABORT = EOS | ABORT_DONE | ABORT_WANTED

/** Instead of an amount of room: until anything was sent. */
const UNTIL_SENT = -1

/** What a connector uses of its stream. */
export interface ConnectorStream {
  readonly now: Micros
  readonly isHttp: boolean
  readonly endEvents: EndEvents
  /** when an attempt to connect, or waiting in a queue, ends */
  connectExpires: Micros
  /** Runs the stream once more. */
  wake(): void
  /** `timeout client-fin` or `server-fin`; undefined: not set, or the backend is not known yet */
  halfClosedTimeout(isBack: boolean): Micros | undefined
  /** whether the backend asks for `option abortonclose` */
  readonly abortsOnClose: boolean
}

export class Connector {
  state = SideState.INI
  flags = 0
  endpoint: Endpoint | undefined
  /** `timeout client` or `server`, or what replaced it (`ioto`) */
  timeout: Micros = NEVER
  opposite!: Connector
  /** room in the channel without which nothing can be received, or `UNTIL_SENT`, while `NEED_ROOM` is set (`room_needed`) */
  #roomNeeded = 0

  constructor(
    readonly stream: ConnectorStream,
    readonly isBack: boolean,
    /** what comes from this side */
    readonly input: Channel,
    /** what is sent to it */
    readonly output: Channel,
  ) {}

  has(flags: number): boolean {
    return (this.flags & flags) !== 0
  }

  /** Records what leads to the end of the stream. */
  report(type: string): void {
    this.stream.endEvents.report(this.isBack ? 'S' : 's', type)
  }

  /** Whether the state is in a range. */
  isBetween(first: SideState, last: SideState): boolean {
    return this.state >= first && this.state <= last
  }

  /** The connection has been noticed, and may be gone already (`EST`, `DIS`, `CLO`). */
  get wasEstablished(): boolean {
    return this.state >= SideState.EST
  }

  get isOpen(): boolean {
    return this.state === SideState.RDY || this.state === SideState.EST
  }

  /** Takes note of what the connection has reported (the first part of `sc_conn_process`). */
  sync(): void {
    const { endpoint } = this
    if (endpoint === undefined) return
    if (this.state >= SideState.CON && endpoint.hasFailed && !this.has(ERROR) && this.state < SideState.EST)
      this.flags |= ERROR
    if (this.state === SideState.CON && endpoint.isReady) {
      if (this.isBack) this.stream.connectExpires = NEVER
      this.output.flags |= WRITE_EVENT
      this.state = SideState.RDY
    }
  }

  /** Receives what there is (`sc_conn_recv`). */
  receive(): void {
    const { endpoint, input } = this
    if (endpoint === undefined || endpoint.kind === 'applet' || this.state !== SideState.EST) return
    if (this.has(INPUT_CLOSED | SideFlag.WONT_READ | NEED_ROOM)) return
    endpoint.wantsRoom = false
    const keepsReading = !this.isBack && this.opposite.state !== SideState.INI && this.stream.abortsOnClose
    const isReceived = endpoint.receive(input, keepsReading)
    if (isReceived) {
      if (input.forwardsAll && !this.opposite.has(ANY_SHUT)) input.buffer.forward()
      input.flags |= READ_EVENT
      this.flags &= ~SideFlag.RCV_ONCE
      endpoint.lastRead = this.stream.now
    }
    if (endpoint.wantsRoom) {
      this.flags |= NEED_ROOM
      this.#roomNeeded = input.room + 1
      input.flags |= READ_EVENT
      endpoint.lastRead = this.stream.now
    }
    if (endpoint.endOfStream && input.has(AUTO_CLOSE)) this.opposite.scheduleShutdown()
    this.#noteEnds(endpoint)
  }

  /** Takes note of the ends of the input and of errors. */
  #noteEnds(endpoint: Endpoint): void {
    if (endpoint.endOfInput && !this.has(EOI)) {
      endpoint.lastRead = this.stream.now
      this.flags |= EOI
      this.input.flags |= READ_EVENT
    }
    if (endpoint.endOfStream) this.#closeInput(endpoint)
    if (endpoint.hasFailed) this.#noteFailure()
  }

  /** The connection has failed. */
  #noteFailure(): void {
    if (!this.has(ERROR | EOS)) this.report(this.has(EOI) ? EndEvent.RECEIVE_ERROR : EndEvent.TRUNCATED_RECEIVE_ERROR)
    this.flags |= ERROR
  }

  /**
   * Takes note of a step of an applet, which reads from and writes to the channels itself (the end of `task_run_applet`,
   * `sc_applet_process` and `sc_notify`).
   */
  appletRan(endpoint: Endpoint, hasConsumed: boolean, hasProduced: boolean): void {
    const { input, output, flags } = this
    if (hasConsumed) {
      output.flags |= WRITE_EVENT | WROTE_DATA
      this.opposite.#checkRoom(true)
    }
    if (hasProduced) {
      input.flags |= READ_EVENT
      endpoint.lastRead = this.stream.now
      if (input.forwardsAll && !this.opposite.has(ANY_SHUT)) input.buffer.forward()
    }
    if (this.has(NEED_ROOM) && this.has(ABORT_DONE)) endpoint.endOfStream = endpoint.hasFailed = true
    this.#noteEnds(endpoint)
    if (endpoint.hasInput && this.has(INPUT_CLOSED)) endpoint.hasFailed = true
    if (hasConsumed || hasProduced || this.flags !== flags) this.stream.wake()
  }

  /**
   * The applet produces nothing more until there is more room than now (`sc_need_room`).
   * @param untilSent until some of the channel has been sent
   */
  needMoreRoom(untilSent = false): void {
    this.flags |= NEED_ROOM
    this.#roomNeeded = untilSent ? UNTIL_SENT : this.input.room + 1
  }

  /** The peer has closed its side (`sc_conn_eos`). */
  #closeInput(endpoint: Endpoint): void {
    if (this.has(INPUT_CLOSED)) return
    this.flags |= EOS
    this.report(this.has(EOI) ? EndEvent.END : EndEvent.TRUNCATED_END)
    this.input.flags |= READ_EVENT
    endpoint.lastRead = this.stream.now
    if (!this.isBetween(SideState.CON, SideState.EST)) return
    if (!this.has(SHUT_DONE) && !this.#forwardsShutdown()) return
    this.#shut('silent')
    this.flags = (this.flags & ~SHUT_WANTED) | SHUT_DONE
    this.#disconnect()
  }

  /** Whether the end of the input closes the output at once (`sc_cond_forward_shut`). */
  #forwardsShutdown(): boolean {
    if (!this.has(INPUT_CLOSED) || !this.has(NOHALF)) return false
    if (this.input.buffer.isEmpty || this.input.has(WRITE_TIMEOUT)) return true
    this.scheduleShutdown()
    return false
  }

  #disconnect(): void {
    this.state = SideState.DIS
    if (this.isBack) this.stream.connectExpires = NEVER
  }

  /** Sends what is scheduled (`sc_conn_sync_send`). */
  send(): void {
    const { endpoint, output } = this
    output.flags &= ~WRITE_EVENT
    // applets read themselves
    if (endpoint?.kind === 'applet') return
    if (this.has(SHUT_DONE) || !output.buffer.hasOutput || endpoint === undefined) return
    if (!this.isBetween(SideState.CON, SideState.EST)) return
    if (endpoint.hasFailed || endpoint.sendFailed) {
      if (endpoint.hasFailed) this.flags |= ERROR
      this.#reportBlocked(endpoint, false)
      return
    }
    const isSent = endpoint.isReady && endpoint.send(output)
    if (isSent) {
      output.flags |= WRITE_EVENT | WROTE_DATA
      if (this.state === SideState.CON) this.state = SideState.RDY
      this.opposite.#checkRoom(true)
    }
    if (endpoint.hasFailed || endpoint.sendFailed) {
      output.flags |= WRITE_EVENT
      if (endpoint.hasFailed) this.#noteFailure()
      return
    }
    if (output.buffer.hasOutput) {
      if (this.wasEstablished) this.#reportBlocked(endpoint, isSent)
    } else if (isSent) {
      this.flags &= ~SideFlag.SND_ASAP
      endpoint.blockedSince = NEVER
      if (!this.has(SideFlag.INDEPENDENT)) endpoint.lastRead = this.stream.now
    }
  }

  #reportBlocked(endpoint: Endpoint, isSent: boolean): void {
    if (!isSent && endpoint.blockedSince !== NEVER) return
    endpoint.blockedSince = this.stream.now
    if (this.has(SideFlag.INDEPENDENT)) endpoint.lastRead = this.stream.now
  }

  /** Receives again once there is more room than when it was not enough (`sc_have_room`). */
  #checkRoom(isSent = false): void {
    const { endpoint, input } = this
    if (!this.has(NEED_ROOM)) return
    const isEnough = this.#roomNeeded === UNTIL_SENT ? isSent : input.room >= this.#roomNeeded
    if (!isEnough && !input.buffer.isEmpty) return
    this.flags &= ~NEED_ROOM
    if (endpoint) endpoint.lastRead = this.stream.now
  }

  scheduleShutdown(): void {
    this.flags |= SHUT_WANTED
  }

  scheduleAbort(): void {
    this.flags |= ABORT_WANTED
  }

  /** Shuts writing down (`sc_app_shut_conn`). */
  shutdown(): void {
    this.flags &= ~SHUT_WANTED
    if (this.has(SHUT_DONE)) return
    this.flags |= SHUT_DONE
    this.output.flags |= WRITE_EVENT
    this.#useHalfClosedTimeout()
    if (this.endpoint) this.report(EndEvent.SHUT)
    switch (this.state) {
      case SideState.RDY:
      case SideState.EST:
        if (!this.has(NOLINGER | INPUT_CLOSED) && !this.input.has(DONT_READ)) {
          this.#shut('normal')
          return
        }
        this.#shut(this.has(NOLINGER) || this.endpoint?.kind === 'applet' ? 'silent' : 'normal')
        this.state = SideState.DIS
        break
      case SideState.CON:
        this.#shut('silent')
        this.state = SideState.DIS
        break
      case SideState.CER:
      case SideState.QUE:
      case SideState.TAR:
        this.state = SideState.DIS
    }
    this.flags = (this.flags & ~NOLINGER) | ABORT_DONE
    if (this.isBack) this.stream.connectExpires = NEVER
  }

  /** Closes the endpoint (`se_shutdown`). */
  #shut(mode: 'normal' | 'silent'): void {
    const { endpoint } = this
    if (!endpoint) return
    if (!endpoint.isShut) endpoint.endEvents.report('e', EndEvent.SHUT)
    endpoint.isShut = true
    endpoint.shut(mode)
  }

  /** Stops reading (`sc_app_abort_conn`). */
  abort(): void {
    if (this.has(INPUT_CLOSED)) return
    this.flags |= ABORT_DONE
    this.input.flags |= READ_EVENT
    if (!this.isBetween(SideState.CON, SideState.EST)) return
    if (this.has(SHUT_DONE)) {
      this.#shut('silent')
      this.#disconnect()
    } else if (this.#forwardsShutdown()) this.shutdown()
  }

  #useHalfClosedTimeout(): void {
    if (this.stream.isHttp) return
    const timeout = this.stream.halfClosedTimeout(this.isBack)
    if (timeout !== undefined) this.timeout = timeout
  }

  /** Allows reading again where nothing prevents it, and has the stream run if there is something to read (`sc_update`). */
  update(): void {
    const { endpoint, output } = this
    if (endpoint === undefined) return
    if (!this.has(SHUT_DONE) && output.buffer.hasOutput) endpoint.resume?.()
    if (!this.isOpen || this.has(INPUT_CLOSED)) return
    this.#checkRoom()
    if (this.input.has(DONT_READ)) this.flags |= SideFlag.WONT_READ
    else this.flags &= ~SideFlag.WONT_READ
    if (this.#mustFlush) {
      this.flags |= NEED_ROOM
      this.#roomNeeded = UNTIL_SENT
    }
    if (this.has(SideFlag.WONT_READ | NEED_ROOM) || !endpoint.hasInput) return
    if (endpoint.resume) endpoint.resume()
    else this.stream.wake()
  }

  /**
   * Whether nothing is received, not even an end or an error, until the other side has taken what the channel holds, as what follows need
   * not pass the channel (`CO_RFL_BUF_FLUSH`).
   */
  get #mustFlush(): boolean {
    const { endpoint, input, opposite } = this
    if (!input.forwardsAll || input.buffer.isEmpty || this.has(SideFlag.WONT_READ | NEED_ROOM)) return false
    return endpoint?.mayFastForward === true && opposite.endpoint?.kind === 'connection'
  }

  /** Detaches the endpoint for another attempt to connect, which begins without any flags (`sc_reset_endp`). */
  reset(): void {
    const { endpoint } = this
    this.endpoint = undefined
    this.flags = 0
    endpoint?.detach()
  }
}
