/** The fields of a message: an ordered list that may repeat names. Names are in lower case; all strings are byte strings. */
import { lowerCase } from './characters.js'

export interface Field {
  /** in lower case */
  readonly name: string
  value: string
}

export class Fields implements Iterable<Field> {
  #list: Field[] = []

  constructor(fields: Iterable<readonly [name: string, value: string]> = []) {
    for (const [name, value] of fields) this.append(name, value)
  }

  get length(): number {
    return this.#list.length
  }

  [Symbol.iterator](): IterableIterator<Field> {
    return this.#list[Symbol.iterator]()
  }

  /** The value of the first field with that name (in lower case). */
  get(name: string): string | undefined {
    return this.#list.find((field) => field.name === name)?.value
  }

  /** The values of all fields with that name (in lower case), in order. */
  all(name: string): string[] {
    return this.#list.filter((field) => field.name === name).map(({ value }) => value)
  }

  has(name: string): boolean {
    return this.#list.some((field) => field.name === name)
  }

  /** Appends a field; its name may be in any case. */
  append(name: string, value: string): void {
    this.#list.push({ name: lowerCase(name), value })
  }

  /** Removes all fields with that name (in lower case); returns whether there was one. */
  remove(name: string): boolean {
    const before = this.#list.length
    this.#list = this.#list.filter((field) => field.name !== name)
    return this.#list.length < before
  }

  /** Removes the fields whose names (in lower case) satisfy a condition. */
  removeWhere(applies: (name: string) => boolean): void {
    this.#list = this.#list.filter(({ name }) => !applies(name))
  }

  /** Removes these fields. */
  removeFields(fields: ReadonlySet<object>): void {
    if (fields.size > 0) this.#list = this.#list.filter((field) => !fields.has(field))
  }

  /** Maps the values of all fields with that name (in lower case); fields that become empty are removed. */
  rewrite(name: string, change: (value: string) => string): void {
    this.#list = this.#list.filter((field) => {
      if (field.name !== name) return true
      field.value = change(field.value)
      return field.value !== ''
    })
  }

  /** Sets the value of all fields with that name (in lower case). */
  replaceAll(name: string, value: string): void {
    for (const field of this.#list) if (field.name === name) field.value = value
  }

  /** Removes all fields with that name and appends one. */
  set(name: string, value: string): void {
    const lower = lowerCase(name)
    this.remove(lower)
    this.append(lower, value)
  }
}
