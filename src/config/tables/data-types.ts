/** The data that stick tables store (`stktable_data_types` in src/stick_table.c). */

/** A type of data. */
export interface TableDataType {
  /** what is stored: a number, a rate over a period, or a text shared between entries */
  readonly kind: 'sint' | 'uint' | 'ull' | 'rate' | 'text'
  /** takes the number of its elements as first argument */
  readonly isArray: boolean
  /** not sent to peers */
  readonly isLocal: boolean
}

const type = (kind: TableDataType['kind'], more: Partial<TableDataType> = {}): TableDataType => ({
  kind,
  isArray: false,
  isLocal: false,
  ...more,
})

/** All types by name, in the order in which HAProxy lists them. Rates take their period as an argument. */
export const TABLE_DATA_TYPES: ReadonlyMap<string, TableDataType> = new Map([
  ['server_id', type('sint')],
  ['gpt0', type('uint')],
  ['gpc0', type('uint')],
  ['gpc0_rate', type('rate')],
  ['conn_cnt', type('uint')],
  ['conn_rate', type('rate')],
  ['conn_cur', type('uint', { isLocal: true })],
  ['sess_cnt', type('uint')],
  ['sess_rate', type('rate')],
  ['http_req_cnt', type('uint')],
  ['http_req_rate', type('rate')],
  ['http_err_cnt', type('uint')],
  ['http_err_rate', type('rate')],
  ['bytes_in_cnt', type('ull')],
  ['bytes_in_rate', type('rate')],
  ['bytes_out_cnt', type('ull')],
  ['bytes_out_rate', type('rate')],
  ['gpc1', type('uint')],
  ['gpc1_rate', type('rate')],
  ['server_key', type('text')],
  ['http_fail_cnt', type('uint')],
  ['http_fail_rate', type('rate')],
  ['gpt', type('uint', { isArray: true })],
  ['gpc', type('uint', { isArray: true })],
  ['gpc_rate', type('rate', { isArray: true })],
  ['glitch_cnt', type('uint')],
  ['glitch_rate', type('rate')],
])

/** The type that `name` stands for; `server_name` is an old name of `server_key` (stktable_get_data_type). */
export const tableDataName = (name: string): string | undefined =>
  name === 'server_name' ? 'server_key' : TABLE_DATA_TYPES.has(name) ? name : undefined
