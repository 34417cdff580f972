/** `-v` and `-vv`: version and build options in HAProxy's format (`display_version`, `display_build_opts`). */
import { machine, release, type, version as kernel } from 'node:os'
import { EMULATED } from '../../config/index.js'
import { HAPROXY_VERSION, RELEASE_DATE } from '../../haproxy/index.js'

/** The output of `-v`. */
export const versionText = (): string => `HAProxy version ${HAPROXY_VERSION} ${RELEASE_DATE} - https://haproxy.org/
Status: emulated by hapsim. Processes no traffic between clients and servers.
Known bugs: http://www.haproxy.org/bugs/bugs-${HAPROXY_VERSION}.html
Running on: ${type()} ${release()} ${kernel()} ${machine()}
`

/**
 * The part of `-vv` after the version.
 *
 * @param hapsim the version of hapsim
 */
export const buildText = (hapsim: string): string => `Build options : 
  TARGET  = node
  CC      = hapsim ${hapsim}
  OPTIONS = USE_OPENSSL=1 USE_LUA=1 USE_PCRE2=1

Feature list : ${featureList()}

Default settings :
  bufsize = 16384, maxrewrite = 1024, maxpollevents = 200

Built with multi-threading support (MAX_TGROUPS=32, MAX_THREADS=1024, default=2).
Built with SSL library version : ${EMULATED.sslLibrary.name} ${EMULATED.sslLibrary.version}
Running on SSL library version : OpenSSL ${process.versions.openssl}
Built with Lua version : Lua 5.4
Running on Node.js ${process.version}

Available services : none
Available filters : none

`

/** The features known to `feature()` in conditions, available and unavailable, sorted by name. */
const featureList = (): string =>
  [...EMULATED.features.map((name) => `+${name}`), ...EMULATED.absent.map((name) => `-${name}`)]
    .sort((a, b) => (a.slice(1) < b.slice(1) ? -1 : 1))
    .join(' ')
