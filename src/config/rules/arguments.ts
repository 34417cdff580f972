/**
 * Arguments of sample expressions that refer to something which may be defined later in the text: proxies, servers, tables, user lists,
 * and regular expressions (`smp_resolve_args`, src/sample.c).
 */
import { fromByteString } from '../../bytes/text.js'
import { compileRegex, isRegexError } from '../../regex/index.js'
import type { ParseContext } from '../parse-context.js'
import { hasBackend, hasFrontend, type ProxyDraft } from '../proxy/draft.js'
import { findServer } from '../server/find.js'
import { USERLISTS } from '../sections/userlist-draft.js'
import type { Diagnostics } from '../syntax/diagnostics.js'
import { ARGUMENT_USES, type PendingArgument } from './pending-arguments.js'

/**
 * Resolves the arguments of the expressions of a proxy.
 * @returns whether all of them refer to something
 */
export const resolveArguments = (context: ParseContext, proxy: ProxyDraft, diagnostics: Diagnostics): boolean => {
  for (const { what, use, place } of proxy.sampleGaps ?? [])
    diagnostics.notEmulated(place, `${what} in '${use}'`, 'traffic')
  const problems: string[] = []
  for (const pending of proxy.pendingArguments ?? []) {
    const problem = resolve(context, proxy, pending, diagnostics)
    if (problem === undefined) continue
    const { file, line } = pending.place
    problems.push(`parsing [${file}:${line}]: ${problem}.`)
  }
  if (problems.length === 0) return true
  const text = problems.map((each) => `${each}\n`).join('')
  diagnostics.add(
    'alert',
    indented(problems.length > 1 ? 'multiple argument resolution errors:' : '', text),
    proxy.place,
  )
  return false
}

/** `indent_msg`: several lines are indented and begin on a new line. */
const indented = (title: string, text: string): string => {
  const lines = text.replace(/\n$/, '').split('\n')
  return title + (lines.length === 1 ? lines[0]! : lines.map((each) => `\n        ${each}`).join(''))
}

const resolve = (
  context: ParseContext,
  proxy: ProxyDraft,
  pending: PendingArgument,
  diagnostics: Diagnostics,
): string | undefined => {
  const { argument, position, converter, fetch, use } = pending
  const keyword = use === 'acl' ? 'ACL keyword' : 'sample fetch keyword'
  const conversion = converter === undefined ? '' : `conversion keyword '${converter}' for `
  const where = `in arg ${position} of ${conversion}${keyword} '${fetch}' ${ARGUMENT_USES[use]} proxy '${proxy.name}'`
  const name = fromByteString(argument.name)
  switch (argument.to) {
    case 'server':
      return resolveServer(context, proxy, name, { where, diagnostics })
    case 'frontend':
    case 'backend': {
      const isFrontend = argument.to === 'frontend'
      const found = name === '' ? proxy : isFrontend ? context.frontend(name) : context.backend(name)
      if (!found) return `unable to find ${argument.to} '${name}' referenced ${where}`
      if (isFrontend ? hasFrontend(found) : hasBackend(found)) return undefined
      // HAProxy's own words
      return `proxy '${name || proxy.name}', referenced ${where}, has not ${argument.to} capability`
    }
    case 'table': {
      if (name === '' && proxy.kind === 'defaults') return `table name must be set ${where}`
      const wanted = name || proxy.name
      const table = context.tables.find(wanted)
      if (!table) return `unable to find table '${wanted}' referenced ${where}`
      return table.size === 0 ? `no table in proxy '${wanted}' referenced ${where}` : undefined
    }
    case 'user list':
      if (name === '') return `missing userlist name ${where}`
      return context.drafts(USERLISTS).find(name) ? undefined : `unable to find userlist '${name}' referenced ${where}`
    case 'regex': {
      if (name === '') return `missing regex ${where}`
      const regex = compileRegex(argument.name, { ignoreCase: false, captures: true })
      if (isRegexError(regex)) return `error in regex '${name}' ${where} : ${fromByteString(regex.error)}`
      context.addGaps(pending.place, regex.gaps)
      return undefined
    }
  }
}

const resolveServer = (
  context: ParseContext,
  proxy: ProxyDraft,
  text: string,
  { where, diagnostics }: { readonly where: string; readonly diagnostics: Diagnostics },
): string | undefined => {
  if (text === '') return `missing server name ${where}`
  const slash = text.lastIndexOf('/')
  if (slash < 0 && proxy.kind === 'defaults') return `backend name must be set ${where}`
  const owner = slash < 0 ? proxy : context.backend(text.slice(0, slash))
  if (!owner) return `unable to find proxy '${text.slice(0, slash)}' referenced ${where}`
  const name = text.slice(slash + 1)
  const server = findServer(owner, name, diagnostics)
  if (!server) return `unable to find server '${name}' in proxy '${owner.name}', referenced ${where}`
  server.nonPurgeable = true
  return undefined
}
