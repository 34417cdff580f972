/**
 * A case of traffic as data: a piece of configuration, and what each client and each connection of a server does, step by step. The
 * data refer to no program and no network, so that the same case is played against the real HAProxy, `hapsim-haproxy` and the simulation.
 */

/** One step of a client or of one connection of a server. Bytes are byte strings: a character for each byte. */
export type Step =
  /** connects to an address of the configuration; implicit, to `listen`, before the first step that needs a connection */
  | { readonly do: 'connect'; readonly to: string }
  | { readonly do: 'send'; readonly bytes: string }
  /** sends in pieces with pauses between them */
  | { readonly do: 'trickle'; readonly pieces: readonly string[]; readonly ms: number }
  /** reads until `bytes` is received, after what the previous step of this kind has read; skips the rest of the steps if the peer ends before */
  | { readonly do: 'until'; readonly bytes: string }
  /** reads until so many more bytes are received */
  | { readonly do: 'read'; readonly count: number }
  | { readonly do: 'wait'; readonly ms: number }
  /** waits until the peer has ended its side */
  | { readonly do: 'end' }
  /** ends the own side: FIN, still reading */
  | { readonly do: 'shut' }
  | { readonly do: 'close' }
  | { readonly do: 'reset' }
  /** stops reading, or starts again */
  | { readonly do: 'pause' }
  | { readonly do: 'resume' }
  /** repeats steps as long as the peer has not ended */
  | { readonly do: 'loop'; readonly steps: readonly Step[] }
  /** the response of the runtime API, in the transcript: lines of this case's proxies only */
  | { readonly do: 'cli'; readonly command: string }

export const connect = (to: string): Step => ({ do: 'connect', to })
export const send = (...lines: readonly string[]): Step => ({ do: 'send', bytes: lines.join('\r\n') })
export const trickle = (ms: number, ...pieces: readonly string[]): Step => ({ do: 'trickle', ms, pieces })
export const until = (bytes: string): Step => ({ do: 'until', bytes })
export const read = (count: number): Step => ({ do: 'read', count })
export const wait = (ms: number): Step => ({ do: 'wait', ms })
export const end: Step = { do: 'end' }
export const shut: Step = { do: 'shut' }
export const close: Step = { do: 'close' }
export const reset: Step = { do: 'reset' }
export const pause: Step = { do: 'pause' }
export const resume: Step = { do: 'resume' }
export const loop = (...steps: readonly Step[]): Step => ({ do: 'loop', steps })
export const cli = (command: string): Step => ({ do: 'cli', command })

/** The end of the head of a message. */
export const head: Step = until('\r\n\r\n')

export interface TrafficCase {
  readonly name: string
  /**
   * Sections of proxies. `$name` is the address of a listener of the case (`$listen`, `$listen2` …), of a server in `servers`, of
   * `$refused` (connections are refused) or `$full` (connections are never accepted); any other is a name that is unique to the case.
   */
  readonly config: string
  /** lines of the `defaults` section before it */
  readonly defaults?: string
  readonly mode: 'http' | 'tcp'
  /** steps of each client; each starts shortly after the one before */
  readonly clients: readonly (readonly Step[])[]
  /** steps of each connection of a server; the last ones are those of all further connections */
  readonly servers: Readonly<Record<string, readonly (readonly Step[])[]>>
  /** lines of the `global` section; cases with the same ones share a process */
  readonly global?: string
  /** a script, in which `$name` is replaced as in `config`; all scripts of the cases share a Lua state */
  readonly lua?: string
  /** the same, with a Lua state for each thread */
  readonly luaPerThread?: string
  /** files by name; `@DIR@` in `config` is their folder */
  readonly files?: Readonly<Record<string, string>>
  /** buffers of the system decide how many bytes pass: numbers of more than four digits are not compared */
  readonly ignoresAmounts?: boolean
  /** durations depend on how fast the machine is */
  readonly ignoresTimes?: boolean
}
