/** `-h` and usage errors: HAProxy's usage text (`usage` in src/haproxy.c). */
import { versionText } from './version.js'

/** The version goes to stdout, the rest to stderr. */
export const usage = (): { readonly out: string; readonly err: string } => ({ out: versionText(), err: USAGE })

const USAGE = `Usage : hapsim-haproxy [-f <cfgfile|cfgdir>]* [ -vdVD ] [ -n <maxconn> ] [ -N <maxpconn> ]
        [ -p <pidfile> ] [ -m <max megs> ] [ -C <dir> ] [-- <cfgfile>*]
        -v displays version ; -vv shows known build options.
        -d enters debug mode ; -db only disables background mode.
        -V enters verbose mode (disables quiet mode)
        -D is rejected: there is no background mode ; -C changes to <dir> before loading files.
        -W -Ws -S are accepted: there is no master process, this process is the worker.
        -q quiet mode : don't display messages
        -c check mode : only check config files and exit
        -cc check condition : evaluate a condition and exit
        -n sets the maximum total # of connections
        -L set local peer name (default to hostname)
        -p writes the pid to this file (with -W)
        -dK{class[,...]} dump registered keywords (use 'help' for list)
        -dr ignores server address resolution failures
        -dW fails if any warning is emitted
        -dD diagnostic mode : warn about suspicious configuration statements
        -dI enable insecure fork
        -sf/-st [pid ]* finishes/terminates old pids.
        -x <unix_socket> is accepted: sockets are opened again, not inherited
        -4 -m -N -dC -dF -dG -dL -dM -dR -dS -dV -dZ -dc -de -dp -dt are accepted without effect.

`
