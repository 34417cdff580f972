/** Paths of files: editors and scripts may know one by different links. */
import { realpathSync } from 'node:fs'

export const realPath = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
