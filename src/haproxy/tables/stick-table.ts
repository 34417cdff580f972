/** A stick table of the running process (`struct stktable` in include/haproxy/stick_table-t.h). Nothing stores entries yet. */
import type { StickTableConfig } from '../../config/model/tables.js'

export class StickTable {
  /** number of entries (`current`) */
  readonly used = 0

  constructor(readonly config: StickTableConfig) {}
}
