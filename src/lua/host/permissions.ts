/** What scripts may do outside of the simulation, if the caller permits it. */
import type { FileErrorCode } from '../../haproxy/file-errors.js'
import type { Descriptor } from '../../haproxy/files.js'

/** What scripts may do outside of the simulation; an absent permission is denied. */
export interface Permissions {
  readonly programs?: Programs | undefined
  readonly disk?: WritableFiles | undefined
  /** ends the process on the host at once; without it, only the simulated process ends */
  readonly exit?: ((code: number) => never) | undefined
}

/** Runs programs of the host. */
export interface Programs {
  /**
   * Runs a shell command and waits for its end.
   *
   * @param directory the directory to run it in, relative to the one the process was started in
   */
  run(command: string, input: Uint8Array, directory: string): ProgramResult
}

/** What a program has written, and how it has ended. */
export interface ProgramResult {
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  readonly end: ProgramEnd
}

/** How a program has ended, as `os.execute` returns it. */
export interface ProgramEnd {
  readonly ok: boolean
  readonly how: 'exit' | 'signal'
  readonly code: number
}

/** Changes directory entries. Files are opened for writing through the files of the process. */
export interface WritableFiles {
  remove(path: string): FileErrorCode | undefined
  rename(from: string, to: string): FileErrorCode | undefined
  /** Opens a new file without a name. */
  temporary(): Descriptor
}
