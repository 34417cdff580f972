/** Lookup of user and group ids in /etc/passwd and /etc/group. */
import { readFileSync } from 'node:fs'

/** Returns a function that looks up the id of a name in `file`; both files have it in the third field. */
const idLookup =
  (file: string) =>
  (name: string): number | undefined => {
    try {
      const fields = readFileSync(file, 'utf8')
        .split('\n')
        .map((line) => line.split(':'))
      const id = fields.find(([first]) => first === name && name !== '')?.[2]
      return id === undefined ? undefined : Number(id)
    } catch {
      return undefined
    }
  }

/** The accounts of the host. */
export const accounts = { user: idLookup('/etc/passwd'), group: idLookup('/etc/group') }
