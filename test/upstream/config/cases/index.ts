/** Small configurations, good and bad, by what they are about, for the comparison with the real HAProxy. */
import { BYTES } from './bytes.js'
import { ENVIRONMENT } from './environment.js'
import { LANGUAGE } from './language.js'
import { SECTIONS } from './sections.js'
import { SERVERS } from './servers.js'
import { PROCESS } from './process.js'
import type { Case } from './texts.js'

export const CASES: readonly Case[] = [...LANGUAGE, ...ENVIRONMENT, ...SECTIONS, ...SERVERS, ...PROCESS, ...BYTES]
