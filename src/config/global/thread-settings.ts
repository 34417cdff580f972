/** `thread-groups`, `thread-group` and `thread-hard-limit` of `global` (src/thread.c). */

/** Settings of threads. */
export interface ThreadSettings {
  /** `thread-hard-limit` */
  limit: number | undefined
  /** `thread-groups` */
  groups: number | undefined
  /** the groups of threads given by `thread-group`; both are numbered from 1 */
  readonly groupOf: Map<number, number>
  /** the first and the last thread of each group that `thread-group` gave */
  readonly ranges: Map<number, { readonly first: number; readonly last: number }>
  /** threads are bound to processors by `cpu-map`, `cpu-set` or `cpu-policy` */
  hasProcessors: boolean
}

export const makeThreadSettings = (): ThreadSettings => ({
  limit: undefined,
  groups: undefined,
  groupOf: new Map(),
  ranges: new Map(),
  hasProcessors: false,
})
