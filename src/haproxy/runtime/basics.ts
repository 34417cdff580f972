/** Commands about the session: help, levels, modes, echo. */
import { isDurationError, parseDuration } from '../../config/syntax/units.js'
import { MILLISECOND } from '../../engine/clock.js'
import { helpText } from './help.js'
import type { CommandCall, Family } from './registry.js'
import { notEmulated } from './not-emulated.js'
import type { Level, Mode, RestrictedMode } from './session.js'

export const basicFamily: Family = [
  { words: ['help'], run: ({ registry, session, args }) => helpText(registry, session, args) },
  { words: ['echo'], run: ({ args }) => `${args.join(' ')}\n` },
  { words: ['operator'], dashAt: 0, run: (call) => lower(call, 'operator') },
  { words: ['user'], dashAt: 0, run: (call) => lower(call, 'user') },
  { words: ['prompt'], run: (call) => prompt(call) },
  { words: ['set', 'timeout'], run: (call) => setTimeoutOf(call) },
  { words: ['set', 'severity-output'], dashAt: 1, run: (call) => setSeverity(call) },
  { words: ['quit'], run: ({ session }) => close(session) },
  { words: ['expert-mode'], level: 'admin', dashAt: 1, run: (call) => toggle(call, 'expert') },
  { words: ['experimental-mode'], level: 'admin', dashAt: 1, run: (call) => toggle(call, 'experimental') },
]

const lower = ({ session }: CommandCall, level: Level): string => {
  session.level = level
  session.restricted.expert = session.restricted.experimental = false
  return ''
}

const close = (session: CommandCall['session']): string => {
  session.closed = true
  return ''
}

const toggle = ({ session, args }: CommandCall, mode: RestrictedMode): string => {
  if (args[0] === undefined) return `${mode}-mode is ${session.restricted[mode] ? 'ON' : 'OFF'}\n`
  session.restricted[mode] = args[0] === 'on'
  return ''
}

const PROMPT_USAGE =
  'Usage: prompt [help | n | i | p | timed]*\n' +
  'Changes the default prompt and interactive mode. Available options:\n' +
  '  help    display this help\n' +
  '  n       set to single-command mode (no prompt, single command)\n' +
  '  i       set to interactive mode only (no prompt, multi-command)\n' +
  '  p       set to prompt+interactive mode (prompt + multi-command)\n' +
  '  timed   toggle displaying the current date in the prompt\n' +
  'Without any argument, toggles between n/i->p, p->n.\n'

const MODES: Readonly<Record<string, Mode>> = { n: 'single', i: 'interactive', p: 'prompt' }

const prompt = ({ session, args }: CommandCall): string => {
  if (args.length === 0) session.mode = session.mode === 'prompt' ? 'single' : 'prompt'
  for (const word of args) {
    const mode = Object.hasOwn(MODES, word) ? MODES[word] : undefined
    if (mode !== undefined) session.mode = mode
    else if (word === 'timed') {
      session.timed = !session.timed
      if (session.mode === 'single') session.mode = 'prompt'
    } else return PROMPT_USAGE
  }
  return ''
}

const setTimeoutOf = ({ session, args }: CommandCall): string => {
  const [what, value] = args
  if (what !== 'cli') return "'set timeout' only supports 'cli'.\n"
  if (value === undefined) return 'Expects an integer value.\n'
  const parsed = parseDuration(value, 's')
  if (isDurationError(parsed) || parsed.trailing !== '' || parsed.value < MILLISECOND) return 'Invalid timeout value.\n'
  session.timeout = parsed.value
  return ''
}

const setSeverity = ({ args: [severity] }: CommandCall): string => {
  if (severity === 'none') return ''
  return severity === 'number' || severity === 'string'
    ? notEmulated(`set severity-output ${severity}`)
    : "one of 'none', 'number', 'string' is a required argument\n"
}
