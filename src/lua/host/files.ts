/** What `luaL_loadfile` says of a file that cannot be read. */
import { fileErrorText, type FileErrorCode } from '../../haproxy/file-errors.js'

export const fileError = (name: string, code: FileErrorCode): string =>
  `cannot ${code === 'EISDIR' || code === 'EIO' ? 'read' : 'open'} ${name}: ${fileErrorText(code)}`
