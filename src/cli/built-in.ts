/**
 * The configuration that scripts alone are loaded into: two checked servers, a mail server, and what happens to them when nothing else
 * is asked for. `hapsim run --print-config` shows it.
 */
import { readFileSync } from 'node:fs'
import type { ConfigFile } from '../config/index.js'
import { diskProblem } from '../disk/folder.js'
import { WrongCall } from './terminal.js'

/** It is there for scripts that have nothing to do with `mailers`, too. */
export const MAIL_SERVER = { name: 'mail1', address: '127.0.0.1:25' } as const

/** Its name in messages. */
export const BUILT_IN = 'built-in'

export const isScript = (file: string): boolean => file.endsWith('.lua')

/** Configurations or scripts, not both. Throws a {@link WrongCall}. */
export const mustBeOfOneKind = (files: readonly string[]): void => {
  const script = files.find(isScript)
  if (script !== undefined && !files.every(isScript))
    throw new WrongCall(`${script} is a script: give scripts alone, or load it with 'lua-load' in a configuration`)
}

/** What happens when no action is given. */
export const BUILT_IN_ACTIONS: readonly string[] = ['5s=down app/web1', '15s=up app/web1']

/** The configuration for `scripts`, paths. Throws a {@link WrongCall} where one cannot be read. */
export const builtIn = (scripts: readonly string[]): ConfigFile => {
  const texts = scripts.map(readScript)
  return { name: BUILT_IN, text: builtInText(scripts, texts.some(sendsAlerts)) }
}

/**
 * Scripts come before `log`: HAProxy writes what they log in their bodies to the standard error then, and loses it otherwise.
 *
 * @param alerts whether the backend has `email-alert`
 */
export const builtInText = (scripts: readonly string[], alerts: boolean): string => `global
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
    default_backend app

backend app
    option httpchk
${alerts ? EMAIL_ALERTS : ''}    default-server inter 1s fall 2 rise 2
    server web1 10.0.0.1:80 check
    server web2 10.0.0.2:80 check
`

const MAILERS = `mailers alerts
    mailer ${MAIL_SERVER.name} ${MAIL_SERVER.address}

`

const EMAIL_ALERTS = `    email-alert mailers alerts
    email-alert from haproxy@example.com
    email-alert to admin@example.com
    email-alert level info
`

/** Whether a script has to do with `email-alert`: without one that has, HAProxy's own mailer would send the mails. */
const sendsAlerts = (script: string): boolean => /mailers/.test(script)

/** A script that is not there is a wrong call: HAProxy's message would name a configuration that nobody wrote. */
const readScript = (file: string): string => {
  try {
    return readFileSync(file, 'latin1')
  } catch (error) {
    throw new WrongCall(`cannot read ${file}: ${diskProblem(error)}`)
  }
}

/** As one word of a configuration. */
const quote = (text: string): string => `"${text.replace(/["\\$]/g, '\\$&')}"`
