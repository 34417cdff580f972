/** What the C library says of an error of the system (`strerror`). */
import { ERROR_TEXT } from '../network.js'

const TEXTS: Readonly<Record<string, string>> = {
  ...ERROR_TEXT,
  EEXIST: 'File exists',
  EIO: 'Input/output error',
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  ENAMETOOLONG: 'File name too long',
  ENOTDIR: 'Not a directory',
  ENOTSOCK: 'Socket operation on non-socket',
  EBADF: 'Bad file descriptor',
  EMSGSIZE: 'Message too long',
  EINVAL: 'Invalid argument',
  EROFS: 'Read-only file system',
  ENOSPC: 'No space left on device',
}

export const systemText = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException
  return (code !== undefined && TEXTS[code]) || message
}
