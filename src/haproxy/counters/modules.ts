/** Counters of protocol modules for an object, by column of `show stat` (`extra_counters` in src/stats.c). */

/** Only counters other than 0 take memory, since most objects have no traffic of most modules. */
export class ModuleCounters {
  readonly #values = new Map<string, number>()

  add(column: string, count: number): void {
    this.#values.set(column, this.get(column) + count)
  }

  get(column: string): number {
    return this.#values.get(column) ?? 0
  }
}
