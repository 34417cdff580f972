/**
 * `unix-bind` (src/cfgparse-global.c): what stands before every path that a frontend listens at. Owners and permissions concern
 * sockets of frontends alone, which are not opened.
 */
import type { Line } from '../syntax/line.js'
import type { LineResult, Reading } from '../reading.js'

export const readUnixBind = (reading: Reading, line: Line): LineResult => {
  const { global, accounts } = reading
  for (let at = 1; line.at(at) !== ''; at += 2) {
    const [name, value] = [line.at(at), line.at(at + 1)]
    if (name === 'prefix') {
      const here = `config : parsing [${line.file}:${line.line}]`
      if (global.unixPrefix !== undefined)
        reading.nonFatalAlert(line, `${here} : unix-bind '${name}' already specified. Continuing.`)
      else if (value === '') return reading.alert(line, `unix_bind '${name}' expects a path as an argument.`)
      else global.unixPrefix = value
    } else if (name === 'user' || name === 'group') {
      if (accounts[name](value) === undefined)
        return reading.alert(line, `'${line.at(0)}' : '${value}' unknown ${name}.`)
    } else if (name !== 'mode' && name !== 'uid' && name !== 'gid')
      return reading.alert(
        line,
        `'${line.at(0)}' only supports the 'prefix', 'mode', 'uid', 'gid', 'user' and 'group' options.`,
      )
  }
  return 'ok'
}
