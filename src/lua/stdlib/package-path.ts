/**
 * Initial values of `package.path` and `package.cpath`: LUA_PATH and LUA_CPATH of the environment, or the default (`setpath` in loadlib.c).
 */

/**
 * @param inherited the environment of the process at its start: Lua is opened before any `setenv` is parsed
 * @param name `LUA_PATH` or `LUA_CPATH`; the variable with the version as a suffix takes precedence
 * @param version `5.4`
 */
export const initialPath = (
  inherited: Readonly<Record<string, string>>,
  name: string,
  version: string,
  defaultPath: string,
): string => {
  const versioned = `${name}_${version.replace('.', '_')}`
  const variable = [versioned, name].find((each) => Object.hasOwn(inherited, each))
  if (variable === undefined) return defaultPath
  const path = inherited[variable]!
  const mark = path.indexOf(DEFAULT_MARK)
  if (mark < 0) return path
  const rest = path.slice(mark + DEFAULT_MARK.length)
  return [path.slice(0, mark), defaultPath, rest].filter((each, index) => index === 1 || each !== '').join(';')
}

/** Replaces `;;` by the default path. */
const DEFAULT_MARK = ';;'
