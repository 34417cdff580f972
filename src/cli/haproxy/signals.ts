/**
 * Signals, as HAProxy takes them: SIGUSR1 stops softly, SIGHUP tells how the servers are, SIGTTOU leaves addresses to another
 * process and SIGTTIN takes them again. SIGINT and SIGTERM are left as
 * the system has them: they end the process at once, and who waits for it sees that.
 */
import { endEarly } from '../early.js'
import type { LiveRun } from '../../live/index.js'

/** Returns what stops attending to them. */
export const attendSignals = (run: LiveRun, complain: (text: string) => void): (() => void) => {
  const heard: Readonly<Partial<Record<NodeJS.Signals, () => void>>> = {
    SIGUSR1: () => run.stopSoftly(),
    SIGHUP: () => run.dumpStates(),
    SIGQUIT: () => complain('SIGQUIT: there are no memory pools to show'),
    // HAProxy's master process knows it, a worker does not heed it
    SIGUSR2: () => undefined,
    SIGTTOU: () => run.pauseListening(),
    SIGTTIN: () => void run.resumeListening(),
  }
  const all = Object.entries(heard) as [NodeJS.Signals, () => void][]
  for (const [name, action] of all) process.on(name, action)
  process.off('SIGUSR1', endEarly)
  return () => {
    for (const [name, action] of all) process.off(name, action)
  }
}

/** `-sf` and `-st`: those that are gone already are not missed. Returns how many there are. */
export const tellOldProcesses = (pids: readonly number[], signal: NodeJS.Signals): number => {
  const hears = (pid: number): boolean => {
    try {
      return process.kill(pid, signal)
    } catch {
      return false
    }
  }
  return pids.filter(hears).length
}
