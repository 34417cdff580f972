/** `-c`: whether a process would start with these files. The messages and the exit codes are HAProxy's. */
import type { LiveRun } from '../../live/index.js'

export interface CheckManners {
  readonly verbose: boolean
  readonly quiet: boolean
}

/** Says what HAProxy says and returns its exit code: 0, 1 with errors, 2 where nothing listens. */
export const checkConfiguration = (run: LiveRun, { verbose, quiet }: CheckManners): number => {
  const tell = (text: string): void => void (quiet || process.stdout.write(`${text}\n`))
  const { result, warned } = run.check()
  if (result === 'failed') return 1
  if (warned) tell('Warnings were found.')
  if (result === 'no listener') {
    tell('Configuration file has no error but will not start (no listener) => exit(2).')
    return 2
  }
  if (verbose) tell('Configuration file is valid')
  return 0
}
