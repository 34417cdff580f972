/** Commands that take time: they respond in pieces, and the next command waits for their end (`io_handler` of `struct cli_kw`). */

/** Where a job writes its response and reads further input. */
export interface JobOutput {
  /** Writes all of the text; it is sent as fast as the client reads. */
  write(text: string): void
  /** Writes all of the bytes. */
  writeBytes(bytes: Uint8Array): void
  /** Whether everything written so far has been sent; a job with much output waits for {@link Job.roomMade}. */
  readonly hasRoom: boolean
  /** Reads a line of the client's input, with its line feed; empty when no line is complete. */
  readLine(): Uint8Array
  /** Reads up to `limit` bytes of the client's input. */
  read(limit: number): Uint8Array
  /** The number of bytes of input that can be read. */
  readonly waiting: number
  /** The client has finished sending. */
  readonly inputEnded: boolean
  /** The job is done. */
  end(): void
}

export interface Job {
  /** Starts the job. */
  start(output: JobOutput): void
  /** The client has sent input, or has finished sending. */
  inputCame?(): void
  /** What was written has been sent. */
  roomMade?(): void
  /** The client has disconnected. */
  abandon(): void
}

/** The response of a command: a text, or a job that produces it. */
export type Answer = string | Job
