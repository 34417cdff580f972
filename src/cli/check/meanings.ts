/** What it means for a user that hapsim leaves a part of HAProxy out. */
import type { GapArea } from '../../config/index.js'
import type { ScriptUse } from '../../lua/index.js'

/** The areas in the order in which they are shown: first what changes what a script or a check sees. */
export const MEANINGS: Readonly<Record<GapArea, string>> = {
  checks: "Checks are made without it: they may find something else than HAProxy's.",
  tls: "Servers are spoken to in TLS without it: a handshake may come out otherwise than HAProxy's.",
  names: 'Nothing is asked there: servers keep the addresses that they have.',
  states: 'Servers and counters start as the configuration says, whatever the process before has left.',
  scripts: 'A call of a script that needs it is an error that says so.',
  logs: 'What would be logged there is lost.',
  files: 'Files with relative names are looked for in the working directory.',
  runtime: 'The runtime API is there without it.',
  traffic:
    'Connections of clients are not carried, so it decides nothing. Servers, checks, events, scripts and the runtime API ' +
    'are as in a HAProxy to which nobody connects.',
  process: 'It is for threads, memory, privileges or the operating system, and changes nothing here.',
}

/** What it means that a script has registered a function for traffic. */
export const UNCALLED = 'There is no traffic that would call it.'

/** What it means that a script uses something, by the flag that would allow it. */
export const usedMeaning = (needs: ScriptUse['needs']): string =>
  needs === undefined ? MEANINGS.scripts : `A call fails without ${needs}.`

/** What it means that lines are not read. */
export const UNREAD = 'HAProxy reads more of these lines: what is wrong in them is not found here.'

export const AREAS = Object.keys(MEANINGS) as readonly GapArea[]
