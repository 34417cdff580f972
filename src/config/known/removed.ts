/** Removed proxy keywords with HAProxy's specific error messages (src/cfgparse-listen.c). */
import type { Line } from '../syntax/line.js'

/** The error message of a removed keyword. */
export interface RemovedKeyword {
  readonly text: string
  /** the message has no space before the colon */
  readonly withoutSpace?: boolean
}

const REPLACE_REQUEST = "http-request replace-path', 'http-request replace-uri' or 'http-request replace-header"
const SINCE_2_1 = 'directive is not supported anymore since HAProxy 2.1.'

/** The replacement; '' if there is none. */
const REPLACED_SINCE_2_1: Readonly<Record<string, string>> = {
  cliexp: REPLACE_REQUEST,
  reqrep: REPLACE_REQUEST,
  reqdel: 'http-request del-header',
  reqallow: 'http-request allow',
  reqtarpit: 'http-request tarpit',
  reqirep: 'http-request replace-header',
  reqidel: 'http-request del-header',
  reqideny: 'http-request deny',
  reqipass: '',
  reqiallow: 'http-request allow',
  reqitarpit: 'http-request tarpit',
  reqadd: 'http-request add-header',
  srvexp: 'http-response replace-header',
  rsprep: 'http-response replace-header',
  rspdeny: 'http-response deny',
  rspirep: 'http-response replace-header',
  rspidel: 'http-response del-header',
  rspideny: 'http-response deny',
  rspadd: 'http-response add-header',
  clitimeout: 'timeout client',
  srvtimeout: 'timeout server',
  contimeout: 'timeout connect',
}

/** Keywords with individual messages. */
const OTHERS: Readonly<Record<string, RemovedKeyword>> = {
  'bind-process': { text: "'bind-process' is not supported anymore.", withoutSpace: true },
  grace: { text: "the 'grace' keyword is not supported any more since HAProxy version 2.5.", withoutSpace: true },
  appsession: { text: "'appsession' is not supported anymore since HAProxy 1.6." },
  redispatch: { text: `keyword 'redispatch' ${SINCE_2_1} Use 'option redispatch'.` },
  redisp: { text: `keyword 'redisp' ${SINCE_2_1} Use 'option redispatch'.` },
  block: { text: `The 'block' ${SINCE_2_1} Use 'http-request deny' which uses the exact same syntax.` },
  rspdel: { text: `The 'rspdel' ${SINCE_2_1} Use 'http-response del-header' .` },
  reqdeny: { text: "The 'reqdeny' not supported anymore since HAProxy 2.1. Use 'http-request deny' instead." },
  reqpass: { text: "The 'reqpass' not supported anymore since HAProxy 2.1." },
}

/** The error message for `name`; undefined if it is not a removed keyword. */
export const removedKeyword = (name: string, line: Line): RemovedKeyword | undefined => {
  if (Object.hasOwn(OTHERS, name)) return OTHERS[name]
  if (name === 'monitor-net')
    return {
      text: `'monitor-net' doesn't exist anymore. Please use 'http-request return status 200 if { src ${line.at(1)} }' instead.`,
    }
  if (!Object.hasOwn(REPLACED_SINCE_2_1, name)) return undefined
  const instead = REPLACED_SINCE_2_1[name]!
  if (instead.startsWith('timeout')) return { text: `the '${name}' ${SINCE_2_1} Use '${instead}'.` }
  return { text: `The '${name}' ${SINCE_2_1}${instead === '' ? '' : ` Use '${instead}' instead.`}` }
}
