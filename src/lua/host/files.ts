/** Errors of loading files. */
import { fileErrorText, type FileErrorCode } from '../../haproxy/file-errors.js'

/** The error message of `luaL_loadfile` for a file that cannot be read. */
export const fileError = (name: string, code: FileErrorCode): string =>
  `cannot ${code === 'EISDIR' || code === 'EIO' ? 'read' : 'open'} ${name}: ${fileErrorText(code)}`
