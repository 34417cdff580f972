/** The sections `spoe-message` and `spoe-group` (`cfg_parse_spoe_message`, `cfg_parse_spoe_group`, src/flt_spoe.c). */
import { fromByteString, toByteString } from '../../../bytes/text.js'
import type { SpoeEvent } from '../../model/spoe.js'
import type { LineResult, ParseContext } from '../../parse-context.js'
import type { ProxyDraft } from '../../proxy/draft.js'
import { readAclLine } from '../../rules/acl.js'
import { parseCondition } from '../../rules/condition.js'
import { recordExpression } from '../../rules/pending-arguments.js'
import { parseExpression } from '../../samples/expression.js'
import type { Line } from '../../syntax/line.js'
import { SpoeGroupDraft, SpoeMessageDraft, type SpoeFileDraft } from './draft.js'
import { readSectionName, readUsedNames } from './names.js'

/** Reads a line of `spoe-message`, the first one included. Unknown keywords are ignored, as in HAProxy. @param proxy the one with the filter */
export const readMessage = (context: ParseContext, line: Line, file: SpoeFileDraft, proxy: ProxyDraft): LineResult => {
  if (line.at(0) === 'spoe-message')
    return begin(context, line, file.messages, (name) => new SpoeMessageDraft(name, line.place))
  const message = file.messages.at(-1)
  if (!message) return 'ok'
  switch (line.at(0)) {
    case 'args':
      return readArguments(context, line, message, proxy)
    case 'acl':
      return readAclLine(context, line, message.acls) ? 'ok' : 'fatal'
    case 'event':
      return readEvent(context, line, message)
    default:
      return 'ok'
  }
}

/** Reads a line of `spoe-group`, the first one included. */
export const readGroup = (context: ParseContext, line: Line, file: SpoeFileDraft): LineResult => {
  const keyword = line.at(0)
  if (keyword === 'spoe-group') return begin(context, line, file.groups, (name) => new SpoeGroupDraft(name, line.place))
  if (keyword !== 'messages') return context.alert(line, `unknown keyword '${keyword}' in spoe-group section.`)
  const group = file.groups.at(-1)
  return group ? readUsedNames(context, line, group.used, 'spoe-message') : 'ok'
}

const begin = <Draft extends SpoeMessageDraft | SpoeGroupDraft>(
  context: ParseContext,
  line: Line,
  drafts: Draft[],
  make: (name: string) => Draft,
): LineResult => {
  const name = readSectionName(context, line)
  if (name === undefined) return 'abort'
  const other = drafts.find((each) => each.name === name)
  if (other) {
    const { place } = other
    return context.alertWithoutSpace(
      line,
      `${line.at(0)} section '${name}' has the same name as another one declared at ${place.file}:${place.line}.`,
    )
  }
  drafts.push(make(name))
  return 'ok'
}

const readArguments = (context: ParseContext, line: Line, message: SpoeMessageDraft, proxy: ProxyDraft): LineResult => {
  for (const word of line.from(1)) {
    const delimiter = word.indexOf('=')
    const text = toByteString(word.slice(delimiter + 1))
    const parsed = parseExpression([text], 0, 0, false, context.options.samples)
    if ('error' in parsed) return context.alert(line, `'${line.at(0)}': ${fromByteString(parsed.error)}.`)
    const { expression } = parsed
    recordExpression(proxy, expression, 'spoe-message', line.place)
    message.args.push({ name: toByteString(word.slice(0, Math.max(delimiter, 0))), expression })
  }
  return 'ok'
}

const EVENTS: readonly string[] = [
  'on-client-session',
  'on-server-session',
  'on-frontend-tcp-request',
  'on-backend-tcp-request',
  'on-tcp-response',
  'on-frontend-http-request',
  'on-backend-http-request',
  'on-http-response',
] satisfies SpoeEvent[]
const isEvent = (word: string): word is SpoeEvent => EVENTS.includes(word)

const readEvent = (context: ParseContext, line: Line, message: SpoeMessageDraft): LineResult => {
  const [event, next] = [line.at(1), line.at(2)]
  if (event === '') return context.alert(line, 'missing event name.')
  if (!isEvent(event)) return context.alert(line, `unknown event '${event}'.`)
  message.event = event
  if (next === 'if' || next === 'unless') {
    const parsed = parseCondition(context, line, 2, message.acls)
    if ('error' in parsed)
      return context.alert(line, `error detected while parsing an 'event ${event}' condition : ${parsed.error}.`)
    message.condition = parsed.condition
    return 'ok'
  }
  if (next === '') return 'ok'
  return context.alertWithoutSpace(
    line,
    `'event ${event}' expects either 'if' or 'unless' followed by a condition but found '${next}'.`,
  )
}
