/** `disable`, `enable` and `shutdown frontend` (`cli_parse_disable_frontend` and others in src/proxy.c). */
import { pauseProxy, resumeProxy, stopProxy } from '../proxy/control.js'
import type { Proxy } from '../proxy/proxy.js'
import type { Command, Family } from './registry.js'

/** A command whose argument is the name of a frontend. */
const change =
  (make: (frontend: Proxy) => string): Command['run'] =>
  ({ process, args }) => {
    if (args[0] === undefined) return 'A frontend name is expected.\n'
    const frontend = process.frontendNamed(args[0])
    return frontend ? make(frontend) : 'No such frontend.\n'
  }

export const frontendFamily: Family = [
  { words: ['disable', 'frontend'], run: change((frontend) => disable(frontend)) },
  { words: ['enable', 'frontend'], run: change((frontend) => enable(frontend)) },
  { words: ['shutdown', 'frontend'], run: change((frontend) => shutDown(frontend)) },
]

const isShut = (frontend: Proxy): boolean => frontend.config.disabled || frontend.stopped

const disable = (frontend: Proxy): string => {
  if (isShut(frontend)) return 'Frontend was previously shut down, cannot disable.\n'
  if (frontend.paused) return 'All sockets are already disabled.\n'
  pauseProxy(frontend)
  return ''
}

const enable = (frontend: Proxy): string => {
  if (isShut(frontend)) return 'Frontend was previously shut down, cannot enable.\n'
  if (!frontend.paused) return 'All sockets are already enabled.\n'
  resumeProxy(frontend)
  return ''
}

const shutDown = (frontend: Proxy): string => {
  if (isShut(frontend)) return 'Frontend was already shut down.\n'
  stopProxy(frontend)
  return ''
}
