/** Reads a `crt-list` (crtlist_parse_file in src/ssl_crtlist.c). */
import { systemErrorText } from '../../bytes/errno.js'
import { readFileSync } from 'node:fs'

/** A line of a `crt-list`. */
export interface ListedCertificate {
  readonly file: string
  /** its SNI filters; undefined: the names in the certificate */
  readonly names: readonly string[] | undefined
}

/**
 * Returns the certificate files listed in a `crt-list`, or an error message. SSL options are ignored.
 *
 * @param path for messages
 * @param at the path to open
 */
export const readCertificateList = (path: string, at: string): readonly ListedCertificate[] | string => {
  let text: string
  try {
    text = readFileSync(at, 'latin1')
  } catch (error) {
    return `cannot open file '${path}' : ${systemErrorText(error)}`
  }
  const files: ListedCertificate[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const entry = line.trim()
    if (entry === '' || entry.startsWith('#')) continue
    const prefix = `parsing [${path}:${index + 1}]: `
    if (index === text.split('\n').length - 1)
      return `${prefix}Missing LF on last line, file might have been truncated at position ${line.length + 1}.`
    if (entry.startsWith('[')) return `${prefix}file must start with a cert`
    const open = entry.indexOf('[')
    const close = entry.indexOf(']')
    if (close >= 0 && (open < 0 || open > close)) return `${prefix}missing '['`
    const file = /^[^\s[]+/.exec(entry)![0]
    const names = (close >= 0 ? entry.slice(close + 1) : entry.slice(file.length))
      .split(/\s+/)
      .filter((each) => each !== '')
    files.push({ file, names: names.length > 0 ? names : undefined })
  }
  return files
}
