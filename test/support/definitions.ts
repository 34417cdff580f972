/** Reads LuaCATS definitions (https://luals.github.io/wiki/annotations), as far as lua/types uses them. */

/** The members that definitions give to each class: `@field`, functions and values of the table that follows `@class`. */
export const readDefinitions = (texts: readonly string[]): Map<string, Set<string>> => {
  const classes = new Map<string, Set<string>>()
  for (const text of texts) {
    let current: Set<string> | undefined
    for (const line of text.split('\n')) {
      const name = /^---@class ([\w.]+)/.exec(line)?.[1]
      if (name !== undefined) classes.set(name, (current = classes.get(name) ?? new Set()))
      const field = /^---@field (\w+)\??/.exec(line)?.[1]
      if (field !== undefined) current?.add(field)
      const [, owner, member] = /^(?:function )?(\w+)[.:](\w+)(?: = |\()/.exec(line) ?? []
      if (owner !== undefined) (classes.get(owner) ?? classes.get(`hapsim.${owner}`))?.add(member!)
    }
  }
  return classes
}
