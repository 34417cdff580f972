/** Commands that take time: what they answer comes bit by bit, and the next command waits for their end (`io_handler` of struct cli_kw). */

/** Where the answer of a job goes. */
export interface JobOutput {
  /** Sends text, all of it; the client takes it as fast as it can. */
  write(text: string): void
  /** Sends bytes, all of them. */
  writeBytes(bytes: Uint8Array): void
  /** Whether the client has taken what was sent so far; a job that has much to say waits for {@link Job.roomMade}. */
  readonly hasRoom: boolean
  /** What the client has sent and nobody has read, up to and with the end of a line; empty when no line is complete. */
  readLine(): Uint8Array
  /** The same, whatever is there, up to `limit` bytes. */
  read(limit: number): Uint8Array
  /** The client has finished sending. */
  readonly inputEnded: boolean
  /** The job is done. */
  end(): void
}

export interface Job {
  /** Begins. */
  start(output: JobOutput): void
  /** The client has sent more, or has finished sending. */
  inputCame?(): void
  /** The client has taken what was sent. */
  roomMade?(): void
  /** The client is gone: nothing more can be said. */
  abandon(): void
}

/** What a command answers: a text at once, or a job. */
export type Answer = string | Job
