/** What scripts may be given of the world outside of the simulation. */
import type { FileErrorCode } from '../../haproxy/world.js'

/** Runs programs of the host. */
export interface Programs {
  /** Runs a command of the shell to its end. */
  run(command: string, input: Uint8Array): ProgramResult
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

/** Changes files; each returns why it failed. */
export interface WritableFiles {
  /** Makes an empty file, or empties one that is there. */
  create(path: string): FileErrorCode | undefined
  writeAt(path: string, position: number, bytes: Uint8Array): FileErrorCode | undefined
  remove(path: string): FileErrorCode | undefined
  rename(from: string, to: string): FileErrorCode | undefined
}
