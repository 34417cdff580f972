/** A case of the comparisons of configurations with the real HAProxy, and the texts that cases are made of. */

export interface Case {
  readonly name: string
  readonly text: string
  /** what only HAProxy says; `reason` is why hapsim does not */
  readonly onlyHaproxy?: readonly string[]
  readonly onlyHapsim?: readonly string[]
  readonly reason?: string
}

const TIMEOUTS = ['timeout client 1s', 'timeout connect 1s', 'timeout server 1s']

export const section = (head: string, ...lines: string[]): string =>
  [head, ...lines.map((line) => ` ${line}`), ''].join('\n')

export const global = (...lines: string[]): string => section('global', ...lines)

export const backend = (...lines: string[]): string =>
  section('backend b', 'timeout connect 1s', 'timeout server 1s', ...lines)

export const listen = (...lines: string[]): string => section('listen l', 'bind :8080', ...TIMEOUTS, ...lines)

export const frontend = (...lines: string[]): string =>
  section('frontend f', 'bind :8080', 'timeout client 1s', ...lines)

export const when = (condition: string): string => `.if ${condition}\n.alert "yes"\n.else\n.alert "no"\n.endif\n`
