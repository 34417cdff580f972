/** Options that may be given several times; in hapsim.config.json their values are a list or, for NAME=VALUE, an object. */
import { Option } from 'commander'

export class RepeatableOption<T> extends Option {
  readonly #none: T

  /**
   * @param add puts a value to those that were given earlier; throws an InvalidArgumentError for one that makes no sense
   * @param none what there is when it is not given, and how help shows that
   */
  constructor(flags: string, description: string, add: (value: string, earlier: T) => T, none: T, shown?: string) {
    super(flags, `${description}; may be given several times`)
    this.argParser(add).default(none, shown)
    this.#none = none
  }

  /** What the values of a configuration file come to. */
  collect(values: readonly string[]): T {
    return values.reduce<T>((earlier, value) => this.parseArg!(value, earlier) as T, this.#none)
  }
}

/** A list of what `parse` makes of each value. */
export const listOption = <T>(
  flags: string,
  description: string,
  parse: (value: string) => T,
): RepeatableOption<readonly T[]> =>
  new RepeatableOption<readonly T[]>(flags, description, (value, earlier) => [...earlier, parse(value)], [], 'none')
