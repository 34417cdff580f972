/**
 * The configuration that stand-alone scripts are loaded into: two checked servers, a mail server, rules that call what the scripts register
 * (scripted-rules.ts), and default actions. Printed by `hapsim run --print-config`.
 */
import { readFileSync } from 'node:fs'
import type { ConfigFile } from '../config/index.js'
import { fsErrorText } from '../disk/directory.js'
import { noRules, rulesFor, type ScriptedRules } from './scripted-rules.js'
import { UsageError } from './terminal.js'

/** Present even if the scripts do not use `mailers`. */
export const BUILT_IN_MAIL_SERVER = { name: 'mail1', address: '127.0.0.1:25' } as const

/** The file name of the built-in configuration in messages. */
export const BUILT_IN_NAME = 'built-in'

/** Whether a file is a Lua script, by its extension. */
export const isScript = (file: string): boolean => file.endsWith('.lua')

/** Rejects a mix of configurations and scripts with a {@link UsageError}. */
export const rejectMixedFiles = (files: readonly string[]): void => {
  const script = files.find(isScript)
  if (script !== undefined && !files.every(isScript))
    throw new UsageError(`${script} is a script: give only scripts, or load it with 'lua-load' in a configuration`)
}

/** Actions used when no `--at` is given. */
export const BUILT_IN_ACTIONS: readonly string[] = ['5s=down app/web1', '15s=up app/web1']

/** Builds the configuration that loads `scripts` (paths). Throws a {@link UsageError} if one cannot be read. */
export const builtInConfig = (scripts: readonly string[]): ConfigFile => {
  const texts = scripts.map(readScript)
  const alerts = texts.some(usesMailers)
  return {
    name: BUILT_IN_NAME,
    text: builtInConfigText(scripts, alerts),
    textFor: (names) => builtInConfigText(scripts, alerts, rulesFor(names)),
  }
}

/**
 * `lua-load` precedes `log`, as in HAProxy messages logged by a script body go to stderr only until a log target is configured.
 *
 * @param alerts whether the backend has `email-alert`
 * @param rules what calls the functions that scripts register
 */
export const builtInConfigText = (
  scripts: readonly string[],
  alerts: boolean,
  rules: ScriptedRules = noRules,
): string => `global
    tune.lua.bool-sample-conversion normal
${scripts.map((script) => `    lua-load ${quote(script)}\n`).join('')}    log stdout format raw local0 debug

defaults
    mode http
    log global
    timeout connect 1s
    timeout client 10s
    timeout server 10s

${alerts ? MAILERS : ''}frontend web
    bind :80
${lines(rules.frontend)}    default_backend app

backend app
    option httpchk
${alerts ? EMAIL_ALERTS : ''}    default-server inter 1s fall 2 rise 2
    server web1 10.0.0.1:80 check
    server web2 10.0.0.2:80 check
${rules.sections}`

const lines = (rules: readonly string[]): string => rules.map((rule) => `    ${rule}\n`).join('')

const MAILERS = `mailers alerts
    mailer ${BUILT_IN_MAIL_SERVER.name} ${BUILT_IN_MAIL_SERVER.address}

`

const EMAIL_ALERTS = `    email-alert mailers alerts
    email-alert from haproxy@example.com
    email-alert to admin@example.com
    email-alert level info
`

/** Whether a script registers functions that traffic calls. */
export const registersFunctions = (script: string): boolean =>
  /register_(?:action|fetches|converters|service|filter)\b/.test(readScript(script))

/** Whether a script handles `email-alert`. If none does, HAProxy's built-in mailer would send the alerts. */
const usesMailers = (script: string): boolean => /mailers/.test(script)

/** An unreadable script is a usage error: HAProxy's message would name a configuration the user never wrote. */
const readScript = (file: string): string => {
  try {
    return readFileSync(file, 'latin1')
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${fsErrorText(error)}`)
  }
}

/** Quotes a string as one argument of a configuration line. */
const quote = (text: string): string => `"${text.replace(/["\\$]/g, '\\$&')}"`
