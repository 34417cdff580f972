/** Errors of file operations: those of the operating system, and refusals of the simulation. */
import { errnoNumber, isErrno, strerror, type Errno } from '../bytes/errno.js'

/** Reported to scripts as EACCES. */
const REFUSALS = {
  /** a simulation does not read files that depend on the host */
  READ_REFUSED: 'refused in a simulation, as it shows the host',
  /** the process is not allowed to change files */
  WRITE_REFUSED: strerror('EACCES'),
} as const satisfies Readonly<Record<string, string>>

/** Why a file operation failed. */
export type FileErrorCode = Errno | keyof typeof REFUSALS

/** The errno value that scripts get. */
export const errorNumber = (code: FileErrorCode): number => errnoNumber(isErrno(code) ? code : 'EACCES')

/** The message that scripts get. */
export const fileErrorText = (code: FileErrorCode): string => (isErrno(code) ? strerror(code) : REFUSALS[code])
