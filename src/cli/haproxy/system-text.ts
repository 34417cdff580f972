/** What the C library says of an error of the system (`strerror`). */

const TEXTS: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EIO: 'Input/output error',
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  EMFILE: 'Too many open files',
  ENAMETOOLONG: 'File name too long',
  ENOENT: 'No such file or directory',
  ENOTDIR: 'Not a directory',
  ENOTSOCK: 'Socket operation on non-socket',
  EBADF: 'Bad file descriptor',
}

export const systemText = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException
  return (code !== undefined && TEXTS[code]) || message
}
