/** Keywords of `global` that name files: the files exist and are of the right kind, and else are as HAProxy reports (src/cfgparse-ssl.c). */
import type { ParseContext } from '../../parse-context.js'
import type { Line } from '../../syntax/line.js'
import type { GlobalCheck } from './check.js'

/** The content of a file as a byte string, or why it cannot be read; undefined if files cannot be looked at. */
const contentOf = ({ options, defaultPath }: ParseContext, name: string) => {
  const content = options.readFile?.(defaultPath.locate(name))
  return content === undefined || typeof content === 'string'
    ? { error: content }
    : { text: Buffer.from(content).toString('latin1') }
}

const issuersChainPath: GlobalCheck = (context, line) => {
  if (context.tooManyWords(line, 1)) return 'fatal'
  const [name, path] = [line.at(0), line.at(1)]
  const fail = (problem: string): 'fatal' => context.alert(line, `global statement '${name}'${problem}.\n`)
  if (path === '') return fail(' expects a directory path as an argument')
  const found = contentOf(context, path)
  if ('text' in found) return fail(`: ${path} is not a directory`)
  if (found.error !== 'EISDIR')
    return found.error === undefined ? 'ok' : fail(' expects a directory path as an argument')
  const directory = path.replace(/\/+$/, '')
  if (context.global.issuersChainPath === directory) return 'ok'
  context.global.issuersChainPath = directory
  for (const warning of context.options.certificates?.loadIssuerChains(directory) ?? [])
    context.main.add('warning', `config : ${warning}`, line.place)
  return 'ok'
}

const PARAMETERS = /^-----BEGIN (?:DH|X9\.42 DH|EC|DSA)? ?PARAMETERS-----/m

const dhParameters: GlobalCheck = (context, line: Line) => {
  if (context.tooManyWords(line, 1)) return 'fatal'
  const [name, path] = [line.at(0), line.at(1)]
  if (path === '') return context.alert(line, `'${name}' expects a file path as an argument.`)
  const { error, text } = { error: undefined, text: undefined, ...contentOf(context, path) }
  const isMissing = error !== undefined && error !== 'EISDIR'
  if (!isMissing && (text === undefined || PARAMETERS.test(text))) return 'ok'
  return context.alert(line, `'${name}': unable to load DH parameters from file <${path}>.`)
}

const statsFile: GlobalCheck = (context, line) => {
  const [name, path] = [line.at(0), line.at(1)]
  if (path === '') return context.alert(line, `'${name}' expect one argument: a file path.`)
  context.global.statsFile = path
  return 'ok'
}

/** Checks by keyword. */
export const FILE_CHECKS: readonly (readonly [string, GlobalCheck])[] = [
  ['issuers-chain-path', issuersChainPath],
  ['ssl-dh-param-file', dhParameters],
  ['stats-file', statsFile],
]
