/**
 * The environment of a process: inherited variables, changes by `setenv` etc., and HAProxy's own variables (configuration
 * manual, section 2.3). Variables keep the order of C's `environ`.
 */

/** An immutable snapshot of the environment. */
export type Variables = ReadonlyMap<string, string>

/** A mutable environment with copy-on-write snapshots. */
export class Environment {
  #variables: Map<string, string>
  /** there is a snapshot of the current state: copy it before the next change */
  #isShared = false

  constructor(initial: Iterable<readonly [string, string]>) {
    this.#variables = new Map(initial)
  }

  get(name: string): string | undefined {
    return this.#variables.get(name)
  }

  set(name: string, value: string): void {
    this.#change().set(name, value)
  }

  unset(name: string): void {
    this.#change().delete(name)
  }

  /** Removes all variables except those listed (`resetenv`). */
  keepOnly(names: readonly string[]): void {
    for (const name of [...this.#variables.keys()]) if (!names.includes(name)) this.unset(name)
  }

  /** A snapshot of the current state. */
  get variables(): Variables {
    this.#isShared = true
    return this.#variables
  }

  /** Restores a snapshot. */
  restore(variables: Variables): void {
    this.#variables = new Map(variables)
    this.#isShared = false
  }

  #change(): Map<string, string> {
    if (this.#isShared) this.restore(this.#variables)
    return this.#variables
  }
}

/** The environment at process start (`init_early` in src/haproxy.c). */
export const inheritedEnvironment = (inherited: Readonly<Record<string, string>>, version: string): Environment => {
  const environment = new Environment(Object.entries(inherited))
  if (environment.get('HAPROXY_STARTUP_VERSION') === undefined) environment.set('HAPROXY_STARTUP_VERSION', version)
  return environment
}

/** Log format variables, which exist only during parsing (`read_cfg` in src/haproxy.c). */
const LOG_FORMATS: Readonly<Record<string, string>> = {
  HAPROXY_HTTP_LOG_FMT:
    '%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r',
  HAPROXY_HTTP_CLF_LOG_FMT:
    '%{+Q}o %{-Q}ci - - [%trg] %r %ST %B "" "" %cp %ms %ft %b %s %TR %Tw %Tc %Tr %Ta %tsc ' +
    '%ac %fc %bc %sc %rc %sq %bq %CC %CS %hrl %hsl',
  HAPROXY_HTTPS_LOG_FMT:
    '%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r ' +
    '%[fc_err]/%[ssl_fc_err,hex]/%[ssl_c_err]/%[ssl_c_ca_err]/%[ssl_fc_is_resumed] %[ssl_fc_sni]/%sslv/%sslc',
  HAPROXY_TCP_LOG_FMT: '%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq',
  HAPROXY_TCP_CLF_LOG_FMT:
    '%{+Q}o %{-Q}ci - - [%T] "TCP " 000 %B "" "" %cp %ms %ft %b %s %Th %Tw %Tc %Tt %U %ts-- ' +
    '%ac %fc %bc %sc %rc %sq %bq "" "" ',
}

/** Sets the variables that exist during parsing. */
export const setParsingVariables = (environment: Environment, version: string): void => {
  for (const [name, format] of Object.entries(LOG_FORMATS)) environment.set(name, format)
  environment.set('HAPROXY_BRANCH', version.split('.').slice(0, 2).join('.'))
}

/** Removes the parse-time variables. @param files names of the parsed files; undefined if there were errors */
export const unsetParsingVariables = (environment: Environment, files: readonly string[] | undefined): void => {
  for (const name of Object.keys(LOG_FORMATS)) environment.unset(name)
  if (files !== undefined) environment.set('HAPROXY_CFGFILES', files.join(';'))
}
