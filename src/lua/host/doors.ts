/** What scripts may be given of the world outside of the simulation. */
import type { FileErrorCode } from '../../haproxy/file-errors.js'
import type { Descriptor } from '../../haproxy/files.js'

/** Runs programs of the host. */
export interface Programs {
  /** Runs a command of the shell to its end. @param folder where, relative to where the process was started; '' is there */
  run(command: string, input: Uint8Array, folder: string): ProgramResult
}

export interface ProgramResult {
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  readonly end: ProgramEnd
}

export interface ProgramEnd {
  readonly ok: boolean
  readonly how: 'exit' | 'signal'
  readonly code: number
}

/** Changes files; what is opened to be written is opened where all files are. */
export interface WritableFiles {
  remove(path: string): FileErrorCode | undefined
  rename(from: string, to: string): FileErrorCode | undefined
  /** A file without a name. */
  temporary(): Descriptor
}
