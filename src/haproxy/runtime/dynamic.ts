/** `add server` and `del server` in the runtime API, and `wait` for a server that can be removed. */
import { DYNAMIC_SERVER_KEYWORDS } from '../../config/server/keywords/index.js'
import { obstacleToRemoval } from '../server/dynamic.js'
import type { CommandCall, Family } from './registry.js'

const NEEDS_PATH = "Require 'backend/server'.\n"

const add = ({ process, args }: CommandCall): string => {
  const [path = '', ...settings] = args
  if (path === 'help')
    return `List of keywords supported for dynamic server:\n${DYNAMIC_SERVER_KEYWORDS.map((word) => `${word}\n`).join('')}`
  const slash = path.indexOf('/')
  if (slash < 0 || slash === path.length - 1) return NEEDS_PATH
  const backend = process.backendNamed(path.slice(0, slash))
  if (!backend) return 'No such backend.\n'
  if (!backend.dynamicWeights) return 'Backend must use a dynamic load balancing to support dynamic servers.\n'
  if (backend.mode === 'log') return ' Dynamic servers cannot be used with log backends.\n'
  const name = path.slice(slash + 1)
  const diagnostics = process.dynamicServers.add(backend, [name, ...settings])
  diagnostics.forEach(({ severity, text }, position) => {
    const who = position > 0 || NAMELESS.test(text) ? '' : `'server ${path}' : `
    process.logger.message(severity, `CLI : ${who}${text}`)
  })
  return diagnostics.map(({ text }) => `${text}\n`).join('')
}

/** Messages from before the server's name is parsed. */
const NAMELESS = /^'server' expects|is not permitted in/

const del = ({ process, args }: CommandCall): string => {
  const [path = ''] = args
  const slash = path.indexOf('/')
  if (slash < 0 || slash === path.length - 1) return NEEDS_PATH
  const backend = process.backendNamed(path.slice(0, slash))
  if (!backend) return 'No such backend.\n'
  const server = backend.server(path.slice(slash + 1))
  if (!server) return 'No such server.\n'
  const obstacle = obstacleToRemoval(server)
  if (obstacle) return `${obstacle.text}\n`
  process.dynamicServers.remove(server)
  process.logger.message('notice', 'Server deleted.')
  return 'Server deleted.\n'
}

export const dynamicFamily: Family = [
  { words: ['add', 'server'], run: add },
  { words: ['del', 'server'], run: del },
]
