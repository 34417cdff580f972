/** The environment variables that a configuration sees and changes (`setenv` and its kin); the host's own never leak in. */

/** What HAProxy puts there before it reads (section 2.3 of the configuration manual). */
const OWN_VARIABLES = (version: string): Readonly<Record<string, string>> => ({
  HAPROXY_STARTUP_VERSION: version,
  HAPROXY_BRANCH: version.split('.').slice(0, 2).join('.'),
  HAPROXY_LOCALPEER: 'localhost',
})

export class Environment {
  private readonly variables: Map<string, string>

  constructor(initial: Readonly<Record<string, string>>, version: string) {
    this.variables = new Map([...Object.entries(OWN_VARIABLES(version)), ...Object.entries(initial)])
  }

  get(name: string): string | undefined {
    return this.variables.get(name)
  }

  set(name: string, value: string): void {
    this.variables.set(name, value)
  }

  unset(name: string): void {
    this.variables.delete(name)
  }

  /** Forgets everything but the variables named (`resetenv`). */
  keepOnly(names: readonly string[]): void {
    for (const name of [...this.variables.keys()]) if (!names.includes(name)) this.variables.delete(name)
  }

  all(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.variables)
  }
}
