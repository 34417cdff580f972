/** Script files: read through the process, in the operating system's words when that fails. */
import type { FileErrorCode } from '../../haproxy/world.js'

export const FILE_ERRORS: Readonly<Record<FileErrorCode, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  EISDIR: 'Is a directory',
  EIO: 'Input/output error',
}

/** What `luaL_loadfile` says of a file that cannot be read. */
export const fileError = (name: string, code: FileErrorCode): string =>
  `cannot ${code === 'EISDIR' || code === 'EIO' ? 'read' : 'open'} ${name}: ${FILE_ERRORS[code]}`
