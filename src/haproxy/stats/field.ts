/**
 * A statistics field: a value with its format and meaning. The tags are the three letters of the typed output:
 * origin (Metric, Status, Key, Config, Product), nature (Gauge, Limit, Max, Rate, Counter,
 * Duration, Age, Name, Output, average) and scope (Process, Service). (`struct field` in include/haproxy/stats-t.h,
 * section 9.2 of the management guide.)
 */
export type FieldFormat = 'u32' | 's32' | 'u64' | 'str' | 'flt'

export interface StatsField {
  readonly format: FieldFormat
  readonly tags: string
  readonly value: string | number
}

export const u32Field = (tags: string, value: number): StatsField => ({ format: 'u32', tags, value })
export const s32Field = (tags: string, value: number): StatsField => ({ format: 's32', tags, value })
export const u64Field = (tags: string, value: number): StatsField => ({ format: 'u64', tags, value })
export const fltField = (tags: string, value: number): StatsField => ({ format: 'flt', tags, value })
export const strField = (tags: string, value: string): StatsField => ({ format: 'str', tags, value })

/** Frequent tags, by meaning. */
export const TAGS = {
  gauge: 'MGP',
  max: 'MMP',
  rate: 'MRP',
  counter: 'MCP',
  age: 'MAP',
  average: 'MaP',
  duration: 'MDP',
  output: 'MOP',
  status: 'SGP',
  key: 'KGP',
  serviceKey: 'KGS',
  serviceName: 'KNS',
  limit: 'CLP',
  setting: 'CGS',
  settingName: 'CNS',
} as const

/** A value as text; counts of 64 bits that have fallen below 0, as gauges do after `clear counters`, wrap around. */
const valueText = ({ format, value }: StatsField): string =>
  format === 'u64' && typeof value === 'number' && value < 0
    ? BigInt.asUintN(64, BigInt(value)).toString()
    : String(value)

/** A value as the text form of CSV writes it: quoted when it has a quote, a comma or a line feed (`csv_enc_append`). */
export const csvValue = (field: StatsField | undefined): string => {
  if (field === undefined) return ''
  const text = valueText(field)
  // line feeds become spaces, which are removed at the end
  const line = text.replaceAll('\r', '').replaceAll('\n', ' ').replace(/ +$/, '')
  return /[\n\r",]/.test(text) ? `"${line.replaceAll('"', '""')}"` : line
}

/** `u32:17`: format and value, as the typed form writes them. */
export const typedValue = (field: StatsField): string => `${field.format}:${valueText(field)}`
