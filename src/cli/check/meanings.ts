/** The consequences of what hapsim does not emulate, for users. */
import type { GapArea } from '../../config/index.js'
import type { ScriptUse } from '../../lua/index.js'

/** Areas in display order: those that affect scripts and checks first. */
export const MEANINGS: Readonly<Record<GapArea, string>> = {
  checks: "Checks run without it; results may differ from HAProxy's.",
  tls: "TLS connections to servers ignore it; handshakes may differ from HAProxy's.",
  names: 'No queries are sent; servers keep their addresses.',
  states: 'Servers and counters start from the configuration; saved state is ignored.',
  scripts: 'Calls from a script raise an error that names it.',
  logs: 'Messages logged there are discarded.',
  files: 'Relative file names are resolved against the working directory.',
  runtime: 'The runtime API works without it.',
  traffic: 'Connections, requests and responses are processed without it.',
  process: 'It concerns threads, memory, privileges or the operating system and has no effect here.',
}

/** The consequence of using something that is not emulated, or needs a flag. */
export const usedMeaning = (needs: ScriptUse['needs']): string =>
  needs === undefined ? MEANINGS.scripts : `Calls fail without ${needs}.`

/** The consequence of lines that are not fully checked. */
export const UNREAD = 'HAProxy checks these lines further: errors in them may be missed here.'

export const AREAS = Object.keys(MEANINGS) as readonly GapArea[]
