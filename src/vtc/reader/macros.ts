/** Macros: `${name}` inside a command, expanded when it is executed (`macro_expand` in VTest's src/vtc.c). */

/** A macro that computes its value from its arguments. */
export type MacroFunction = (args: readonly string[]) => string | { readonly error: string }

/** A macro that cannot be expanded. */
export class MacroProblem extends Error {}

/** The macros of a test. */
export class Macros {
  readonly #values = new Map<string, string | MacroFunction>()
  /** unknown macros are left as they are (`feature ignore_unknown_macro`) */
  ignoresUnknown = false

  define(name: string, value: string | MacroFunction): void {
    this.#values.set(name, value)
  }

  undefine(name: string): void {
    this.#values.delete(name)
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  /** Defines the macros of an address: NAME_addr, NAME_port and NAME_sock. */
  defineAddress(name: string, ip: string, port: number): void {
    this.define(`${name}_addr`, ip)
    this.define(`${name}_port`, String(port))
    this.define(`${name}_sock`, ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)
  }

  undefineAddress(name: string): void {
    for (const suffix of ['addr', 'port', 'sock']) this.undefine(`${name}_${suffix}`)
  }

  /** Expands the macros of a text once. Throws a {@link MacroProblem}. */
  expand(text: string): string {
    let expanded = ''
    let at = 0
    for (;;) {
      const start = text.indexOf('${', at)
      const end = start < 0 ? -1 : text.indexOf('}', start)
      if (end < 0) return expanded + text.slice(at)
      expanded += text.slice(at, start) + this.#value(text.slice(start + 2, end))
      at = end + 1
    }
  }

  #value(call: string): string {
    const [name = '', ...args] = splitArguments(call)
    const value = this.#values.get(name)
    if (value === undefined) {
      if (this.ignoresUnknown) return `\${${call}}`
      throw new MacroProblem(`Macro \${${call}} not found`)
    }
    if (typeof value === 'string') {
      if (args.length === 0) return value
      throw new MacroProblem(`Macro \${${call}} failed: macro does not take arguments`)
    }
    const result = value(args)
    if (typeof result === 'string') return result
    throw new MacroProblem(`Macro \${${call}} failed: ${result.error}`)
  }
}

/** Arguments are separated by commas; blanks around them are left out, quotes around them removed. */
const splitArguments = (call: string): string[] =>
  (call.match(/\s*"[^"]*"\s*|[^,]+/g) ?? []).map((each) => each.trim().replace(/^"(.*)"$/, '$1'))

/** `${string,repeat,COUNT,TEXT}` */
export const stringMacro: MacroFunction = ([action, count = '', text, ...more]) => {
  if (action === undefined) return { error: 'missing action' }
  if (action !== 'repeat') return { error: 'unknown action' }
  if (text === undefined || more.length > 0) return { error: 'repeat takes 2 arguments' }
  if (!/^\d{1,7}$/.test(count)) return { error: 'invalid number of repetitions' }
  return text.repeat(Number(count))
}
