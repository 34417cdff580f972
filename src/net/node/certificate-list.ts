/** The files that a list of certificates names (`crt-list`; crtlist_parse_file in src/ssl_crtlist.c). */
import { readFileSync } from 'node:fs'
import { systemText } from './system-text.js'

/** The files of the list at `at`, which is called `path`, in their order, or what is wrong with the list. What stands between brackets and behind is not looked at. */
export const readCertificateList = (path: string, at: string): readonly string[] | string => {
  let text: string
  try {
    text = readFileSync(at, 'latin1')
  } catch (error) {
    return `cannot open file '${path}' : ${systemText(error)}`
  }
  const files: string[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const words = line.trim()
    if (words === '' || words.startsWith('#')) continue
    const before = `parsing [${path}:${index + 1}]: `
    if (index === text.split('\n').length - 1)
      return `${before}Missing LF on last line, file might have been truncated at position ${line.length + 1}.`
    if (words.startsWith('[')) return `${before}file must start with a cert`
    const open = words.indexOf('[')
    const close = words.indexOf(']')
    if (close >= 0 && (open < 0 || open > close)) return `${before}missing '['`
    files.push(/^[^\s[]+/.exec(words)![0])
  }
  return files
}
