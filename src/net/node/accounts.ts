/** The users and groups of this machine, as its files have them. */
import { readFileSync } from 'node:fs'

/** The number of `name` in `/etc/passwd` or `/etc/group`, whose lines are alike as far as that. */
const idIn =
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

export const accounts = { user: idIn('/etc/passwd'), group: idIn('/etc/group') }
