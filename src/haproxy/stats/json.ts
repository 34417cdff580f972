/** Statistics as JSON (src/stats-json.c, section 9.4 of the management guide): the typed form, spelt out. */
import type { StatsField } from './field.js'

const ORIGINS: Readonly<Record<string, string>> = {
  M: 'Metric',
  S: 'Status',
  K: 'Key',
  C: 'Config',
  P: 'Product',
}

const NATURES: Readonly<Record<string, string>> = {
  A: 'Age',
  a: 'Avg',
  C: 'Counter',
  D: 'Duration',
  G: 'Gauge',
  L: 'Limit',
  m: 'Min',
  M: 'Max',
  N: 'Name',
  O: 'Output',
  R: 'Rate',
  T: 'Time',
}

const SCOPES: Readonly<Record<string, string>> = { C: 'Cluster', S: 'Service', P: 'Process' }

/** Whose field it is, where it is that of an object of `show stat`. */
export interface JsonOwner {
  readonly objType: 'Frontend' | 'Backend' | 'Server' | 'Listener'
  readonly proxyId: number
  readonly id: number
}

export const jsonField = (position: number, name: string, field: StatsField, owner: JsonOwner | undefined): object => {
  const [origin, nature, scope] = field.tags as unknown as readonly [string, string, string]
  return {
    ...owner,
    field: { pos: position, name },
    processNum: 1,
    tags: { origin: ORIGINS[origin], nature: NATURES[nature], scope: SCOPES[scope] },
    value: { type: field.format, value: field.value },
  }
}
