/** Paths of files. Editors and scripts may use different symbolic links to the same file. */
import { realpathSync } from 'node:fs'

/** Resolves symbolic links; returns the path itself if the file does not exist. */
export const resolveLinks = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
