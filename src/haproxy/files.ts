/** Files as a process sees them: read whole, or opened, with the operating system's calls and errors. */
import type { FileErrorCode } from './file-errors.js'

/** What a file is opened for (the flags of open(2)). */
export interface FileAccess {
  readonly read: boolean
  readonly write: boolean
  /** every write goes to the end */
  readonly append?: boolean
  /** a file that does not exist is made */
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
  /** Returns up to `length` bytes from the position on; none at the end. */
  read(length: number): Uint8Array | FileErrorCode
  /** Writes at the position; returns how many bytes were written. */
  write(bytes: Uint8Array): number | FileErrorCode
  /** Returns the new position. */
  seek(whence: Whence, offset: number): number | FileErrorCode
  close(): FileErrorCode | undefined
}

/** Where a process gets its files from. */
export interface Files {
  /** The content of a file. What has no end is read up to a limit. */
  read(path: string): Uint8Array | FileErrorCode
  open(path: string, access: FileAccess): Descriptor | FileErrorCode
}

/** The path of a name that starts from `folder`; '' is the folder in which the process was started. */
export const inFolder = (folder: string, name: string): string =>
  folder === '' || name === '' || name.startsWith('/') ? name : `${folder}/${name}`
