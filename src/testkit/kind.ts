/** Kinds of objects in the Lua of tests: their properties and methods, with names in camel case. */

export type Method<T> = (object: T, ...args: never[]) => unknown

/** A kind of object. A method returns multiple values to Lua with {@link Values}. */
export interface Kind {
  readonly name: string
  readonly properties: Readonly<Record<string, (object: never) => unknown>>
  readonly methods: Readonly<Record<string, Method<never>>>
  /** the value of any other field; without it, other fields are errors */
  readonly index?: (object: never, name: string) => unknown
}

/** Multiple results of a method. */
export class Values {
  constructor(readonly list: readonly unknown[]) {}
}

/** Declares a kind. */
export const kind = <T>(
  name: string,
  properties: Readonly<Record<string, (object: T) => unknown>>,
  methods: Readonly<Record<string, Method<T>>>,
): Kind => ({ name, properties, methods }) as Kind

/** Exposes properties under their own names. */
export const properties = <T>(...names: (keyof T & string)[]): Record<string, (object: T) => unknown> =>
  Object.fromEntries(names.map((name) => [name, (object: T) => object[name]]))

/** Exposes methods under their own names. */
export const methods = <T>(...names: (keyof T & string)[]): Record<string, Method<T>> =>
  Object.fromEntries(
    names.map((name) => [
      name,
      (object: T, ...args: never[]) => (object[name] as (...args: never[]) => unknown).apply(object, args),
    ]),
  )
