/** C modules, which cannot be loaded: which ones have stand-ins, Lua modules of the same interface, and what errors advise. */

/** The modules of lua/modules/. */
const STAND_INS: ReadonlySet<string> = new Set([
  'cjson',
  'cjson.safe',
  'ltn12',
  'mime',
  'socket',
  'socket.headers',
  'socket.http',
  'socket.url',
])

/** The first parts of the names of frequently used modules that are written in C, or need such modules. */
const C_MODULES: ReadonlySet<string> = new Set(
  (
    'bcrypt brotli cjson cmsgpack curl cURL ev iconv lfs lpeg lsqlite3 ltn12 lua_pack luasql luv lxp lyaml lzmq mime openssl pcre ' +
    'posix rapidjson rex_pcre rex_pcre2 rex_posix simdjson socket sodium ssl struct system term unix yajl zlib zmq'
  ).split(' '),
)

export const NO_C_MODULES = 'hapsim does not support C modules'

/**
 * The end of the error of `require` for a module that was not found; empty for other than C modules.
 *
 * @param hasStandIns whether they were searched
 */
export const adviceFor = (name: string, hasStandIns: boolean): string =>
  C_MODULES.has(name.split('.')[0]!) ? `\n\t${NO_C_MODULES}: ${replacement(name, hasStandIns)}` : ''

/** The error for a C module that was found. */
export const refusal = (name: string, hasStandIns: boolean): string =>
  `${NO_C_MODULES}: ${replacement(name, hasStandIns)}`

const replacement = (name: string, hasStandIns: boolean): string =>
  STAND_INS.has(name) && !hasStandIns
    ? `option --modules (in TypeScript: modules: true) provides a Lua module '${name}'`
    : `put a Lua module '${name}' in the path of lua-prepend-path`
