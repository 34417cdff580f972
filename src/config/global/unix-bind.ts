/**
 * `unix-bind` (src/cfgparse-global.c): the prefix of UNIX socket paths. Owners and permissions only apply to frontends, whose
 * sockets are not opened.
 */
import type { Line } from '../syntax/line.js'
import type { LineResult, ParseContext } from '../parse-context.js'

/** Parses a `unix-bind` line. */
export const readUnixBind = (context: ParseContext, line: Line): LineResult => {
  const { global, accounts } = context
  for (let at = 1; line.at(at) !== ''; at += 2) {
    const [name, value] = [line.at(at), line.at(at + 1)]
    if (name === 'prefix') {
      const here = `config : parsing [${line.file}:${line.line}]`
      if (global.unixPrefix !== undefined)
        context.nonFatalAlert(line, `${here} : unix-bind '${name}' already specified. Continuing.`)
      else if (value === '') return context.alert(line, `unix_bind '${name}' expects a path as an argument.`)
      else global.unixPrefix = value
    } else if (name === 'user' || name === 'group') {
      if (accounts[name](value) === undefined)
        return context.alert(line, `'${line.at(0)}' : '${value}' unknown ${name}.`)
    } else if (name !== 'mode' && name !== 'uid' && name !== 'gid')
      return context.alert(
        line,
        `'${line.at(0)}' only supports the 'prefix', 'mode', 'uid', 'gid', 'user' and 'group' options.`,
      )
  }
  return 'ok'
}
