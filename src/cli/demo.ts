/** The world in which `hapsim run SCRIPT.lua` runs a script: two checked servers, a mail server, and a server that goes down. */

/** The configuration that loads `script`, a path. */
export const demoConfiguration = (script: string): string => `global
    log stdout format raw local0 info
    tune.lua.bool-sample-conversion normal
    lua-load ${quote(script)}

defaults
    mode http
    log global
    timeout connect 1s
    timeout client 10s
    timeout server 10s

mailers alerts
    mailer mail1 127.0.0.1:25

frontend web
    bind :80
    default_backend app

backend app
    option httpchk
    email-alert mailers alerts
    email-alert from haproxy@example.com
    email-alert to admin@example.com
    email-alert level info
    default-server inter 1s fall 2 rise 2
    server web1 10.0.0.1:80 check
    server web2 10.0.0.2:80 check
`

/** What happens when nothing else was asked for. */
export const DEMO_ACTIONS: readonly string[] = ['5s=down app/web1', '15s=up app/web1']

/** As one word of a configuration. */
const quote = (text: string): string => `"${text.replace(/["\\$]/g, '\\$&')}"`
