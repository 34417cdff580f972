/** Errors of file operations: the operating system's names, numbers and texts (`errno.h`, `strerror`). */

const ERRORS = {
  EPERM: [1, 'Operation not permitted'],
  ENOENT: [2, 'No such file or directory'],
  EIO: [5, 'Input/output error'],
  ENXIO: [6, 'No such device or address'],
  EBADF: [9, 'Bad file descriptor'],
  EAGAIN: [11, 'Resource temporarily unavailable'],
  EACCES: [13, 'Permission denied'],
  EBUSY: [16, 'Device or resource busy'],
  EEXIST: [17, 'File exists'],
  EXDEV: [18, 'Invalid cross-device link'],
  ENODEV: [19, 'No such device'],
  ENOTDIR: [20, 'Not a directory'],
  EISDIR: [21, 'Is a directory'],
  EINVAL: [22, 'Invalid argument'],
  ENFILE: [23, 'Too many open files in system'],
  EMFILE: [24, 'Too many open files'],
  ETXTBSY: [26, 'Text file busy'],
  EFBIG: [27, 'File too large'],
  ENOSPC: [28, 'No space left on device'],
  ESPIPE: [29, 'Illegal seek'],
  EROFS: [30, 'Read-only file system'],
  EMLINK: [31, 'Too many links'],
  EPIPE: [32, 'Broken pipe'],
  ENAMETOOLONG: [36, 'File name too long'],
  ENOTEMPTY: [39, 'Directory not empty'],
  ELOOP: [40, 'Too many levels of symbolic links'],
  EDQUOT: [122, 'Disk quota exceeded'],
  /** hapsim's own: a simulation does not read what only the host has */
  READ_REFUSED: [13, 'refused in a simulation, as it shows the host'],
  /** hapsim's own: the process may not change files */
  WRITE_REFUSED: [13, 'Permission denied'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>

export type FileErrorCode = keyof typeof ERRORS

export const isFileErrorCode = (code: string | undefined): code is FileErrorCode =>
  code !== undefined && Object.hasOwn(ERRORS, code)

export const errorNumber = (code: FileErrorCode): number => ERRORS[code][0]

export const fileErrorText = (code: FileErrorCode): string => ERRORS[code][1]
