/**
 * HAProxy's signals: SIGUSR1 soft stop, SIGHUP dumps server states, SIGTTOU pauses and SIGTTIN resumes listening. SIGINT and SIGTERM keep
 * their default action, so that a parent sees how the process ended.
 */
import { exitBySigusr1 } from '../sigusr1.js'
import type { LiveRun } from '../../live/index.js'

/** Installs the handlers; returns a function that removes them. */
export const installSignalHandlers = (run: LiveRun, warn: (text: string) => void): (() => void) => {
  const handlers: Readonly<Partial<Record<NodeJS.Signals, () => void>>> = {
    SIGUSR1: () => run.stopSoftly(),
    SIGHUP: () => run.dumpStates(),
    SIGQUIT: () => warn('SIGQUIT: there are no memory pools to dump'),
    // handled by HAProxy's master process, ignored by workers
    SIGUSR2: () => undefined,
    SIGTTOU: () => run.pauseListening(),
    SIGTTIN: () => void run.resumeListening(),
  }
  const all = Object.entries(handlers) as [NodeJS.Signals, () => void][]
  for (const [name, action] of all) process.on(name, action)
  process.off('SIGUSR1', exitBySigusr1)
  return () => {
    for (const [name, action] of all) process.off(name, action)
  }
}

/** Signals the processes of `-sf` and `-st`; missing ones are ignored. Returns how many exist. */
export const signalOldProcesses = (pids: readonly number[], signal: NodeJS.Signals): number => {
  const hears = (pid: number): boolean => {
    try {
      return process.kill(pid, signal)
    } catch {
      return false
    }
  }
  return pids.filter(hears).length
}
