/** Options that may be repeated; in hapsim.config.json their values are an array or, for NAME=VALUE, an object. */
import { Option } from 'commander'

export class RepeatableOption<T> extends Option {
  readonly #initial: T

  /**
   * @param add combines a value with the earlier ones; throws an InvalidArgumentError if it is invalid
   * @param initial the initial value
   * @param defaultText the default value in help texts
   */
  constructor(
    flags: string,
    description: string,
    add: (value: string, earlier: T) => T,
    initial: T,
    defaultText?: string,
  ) {
    super(flags, `${description}; repeatable`)
    this.argParser(add).default(initial, defaultText)
    this.#initial = initial
  }

  /** Combines the values of a configuration file. */
  collect(values: readonly string[]): T {
    return values.reduce<T>((earlier, value) => this.parseArg!(value, earlier) as T, this.#initial)
  }
}

/** An option whose value is the list of all parsed values. */
export const listOption = <T>(
  flags: string,
  description: string,
  parse: (value: string) => T,
): RepeatableOption<readonly T[]> =>
  new RepeatableOption<readonly T[]>(flags, description, (value, earlier) => [...earlier, parse(value)], [], 'none')
