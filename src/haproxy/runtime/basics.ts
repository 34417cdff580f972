/** Commands about the conversation itself: help, levels, modes, echo. */
import { helpText } from './help.js'
import { PERMISSION_DENIED } from './lookup.js'
import type { Call, Family } from './registry.js'
import { hasLevel, type Level } from './session.js'

export const basicFamily: Family = [
  { words: ['help'], run: ({ registry, args }) => helpText(registry, args) },
  { words: ['echo'], run: ({ args }) => `${args.join(' ')}\n` },
  { words: ['operator'], run: (call) => lower(call, 'operator') },
  { words: ['user'], run: (call) => lower(call, 'user') },
  { words: ['quit'], run: ({ session }) => close(session) },
  { words: ['expert-mode'], run: (call) => toggle(call, 'expert') },
  { words: ['experimental-mode'], run: (call) => toggle(call, 'experimental') },
]

const lower = ({ session }: Call, level: Level): string => {
  if (!hasLevel(session, level)) return PERMISSION_DENIED
  session.level = level
  return ''
}

const close = (session: Call['session']): string => {
  session.closed = true
  return ''
}

const toggle = ({ session, args }: Call, mode: 'expert' | 'experimental'): string => {
  if (!hasLevel(session, 'admin')) return PERMISSION_DENIED
  if (args[0] === undefined) return `${mode}-mode is ${session[mode] ? 'ON' : 'OFF'}\n`
  session[mode] = args[0] === 'on'
  return ''
}
