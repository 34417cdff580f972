/** Files as a process sees them: read as a whole, or opened, with the operating system's calls and errors. */
import type { FileErrorCode } from './file-errors.js'

/** What a file is opened for (the flags of open(2)). */
export interface FileAccess {
  readonly read: boolean
  readonly write: boolean
  /** every write goes to the end */
  readonly append?: boolean
  /** a file that does not exist is created */
  readonly create?: boolean
  /** with `create`: a file that exists is an error */
  readonly exclusive?: boolean
  /** a file that exists is emptied */
  readonly truncate?: boolean
}

export const READ: FileAccess = { read: true, write: false }

export type Whence = 'set' | 'cur' | 'end'

/** An open file, with its position. */
export interface Descriptor {
  readonly kind: 'file' | 'directory' | 'device' | 'terminal' | 'pipe'
  /** of a regular file, in bytes */
  readonly size?: number
  /** Reads up to `length` bytes at the position; returns an empty array at the end of the file. */
  read(length: number): Uint8Array | FileErrorCode
  /** Writes at the position; returns how many bytes were written. */
  write(bytes: Uint8Array): number | FileErrorCode
  /** Returns the new position. */
  seek(whence: Whence, offset: number): number | FileErrorCode
  close(): FileErrorCode | undefined
}

/** The file system of a process. */
export interface Files {
  /** The content of a file. An endless one (a device) is read up to a limit. */
  read(path: string): Uint8Array | FileErrorCode
  open(path: string, access: FileAccess): Descriptor | FileErrorCode
}

/** Resolves a file name against `folder`; '' is the directory in which the process was started. */
export const inFolder = (folder: string, name: string): string =>
  folder === '' || name === '' || name.startsWith('/') ? name : `${folder}/${name}`
