/** `option forwardfor`, `option originalto` and `option forwarded` (src/http_ext.c). */
import { toByteString } from '../../bytes/text.js'
import type { ForwardedConfig, ForwardedValue, ForwardForConfig } from '../model/forwarding.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import { parseNetwork } from '../patterns/network.js'
import { placeName, placesMask } from '../samples/places.js'
import type { Diagnostics } from '../syntax/diagnostics.js'
import type { Line } from '../syntax/line.js'
import type { Place } from '../syntax/place.js'
import { hasBackend, proxyTypeName, type ProxyDraft } from './draft.js'
import { parseLaterExpression, whereOf } from './later-expression.js'

/** Reads the arguments of `option forwardfor` (`ofClient`) or `option originalto`. */
export const readForwardFor = (context: ParseContext, line: Line, proxy: ProxyDraft, ofClient: boolean): LineResult => {
  let header = ofClient ? 'X-Forwarded-For' : 'X-Original-To'
  let except: ForwardForConfig['except']
  let ifNone = false
  const option = `${line.at(0)} ${line.at(1)}`
  for (let at = 2; line.at(at) !== ''; at++) {
    const word = line.at(at)
    if (word === 'except') {
      except = parseNetwork(line.at(++at), context.options.resolve)
      if (!except) return context.alert(line, `'${option} ${word}' expects <address>[/mask] as argument.`)
    } else if (word === 'header') {
      header = toByteString(line.at(++at))
      if (header === '') return context.alert(line, `'${option} ${word}' expects <header_name> as argument.`)
    } else if (word === 'if-none' && ofClient) ifNone = true
    else {
      const known = ofClient ? "'except', 'header' and 'if-none'" : "'except' and 'header'"
      return context.alert(line, `'${option}' only supports optional values: ${known}.`)
    }
  }
  proxy.change(ofClient ? { forwardFor: { header, except, ifNone } } : { originalTo: { header, except } })
  return 'ok'
}

const PARAMETER = /^(?:proto|(host|by|for|by_port|for_port)(-expr)?)$/

const KNOWN_PARAMETERS =
  "'proto', 'host', 'host-expr', 'by', 'by-expr', 'by_port', 'by_port-expr', 'for', 'for-expr', 'for_port' and 'for_port-expr'"

/** Reads the arguments of `option forwarded` of a proxy with the backend capability. */
export const readForwarded = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  const option = `'${line.at(0)} ${line.at(1)}'`
  const values = new Map<string, ForwardedValue>()
  let proto = false
  for (let at = 2; line.at(at) !== ''; at++) {
    const word = line.at(at)
    const parameter = PARAMETER.exec(word)
    if (!parameter) return context.alert(line, `${option} only supports optional values: ${KNOWN_PARAMETERS}.`)
    const [, name, isExpression] = parameter
    if (name === undefined) proto = true
    else if (isExpression === undefined) values.set(name, 'original')
    else {
      const text = line.at(++at)
      if (text === '') return context.alertWithoutSpace(line, `'${word}' expects <expr> as argument.`)
      values.set(name, { text })
    }
  }
  if (line.at(2) === '') {
    proto = true
    values.set('for', 'original')
  }
  const node = (side: 'by' | 'for'): ForwardedConfig['by'] => {
    const name = values.get(side)
    const port = values.get(`${side}_port`)
    if (name !== undefined) return { name, port }
    if (port !== undefined)
      // HAProxy forgets what was set before it makes the message
      context.warn(
        line,
        `${option} : '${side}_port-expr' will be ignored because both '${side}' and '${side}-expr' are unset`,
      )
    return undefined
  }
  proxy.change({ forwarded: { proto, host: values.get('host'), by: node('by'), for: node('for'), place: line.place } })
  return 'ok'
}

const REQUEST_HEADERS = placesMask('backend http-request header rule')

/**
 * Checks the options of a proxy once all proxies are valid, and parses the expressions of `option forwarded`
 * (`check_http_ext_postconf`).
 */
export const checkForwarding = (context: ParseContext, proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  const { mode, forwarded, forwardFor, originalTo } = proxy.settings
  if (mode !== 'http' && !proxy.upgradesToHttp) {
    const warn = (name: string): void =>
      diagnostics.add(
        'warning',
        `'option ${name}' ignored for ${proxyTypeName(proxy)} '${proxy.name}' as it requires HTTP mode.`,
        proxy.place,
      )
    if (forwarded && hasBackend(proxy)) warn('forwarded')
    if (forwardFor) warn('forwardfor')
    if (originalTo) warn('originalto')
    if (forwarded ?? forwardFor ?? originalTo)
      proxy.change({ forwarded: undefined, forwardFor: undefined, originalTo: undefined })
  } else if (forwarded && hasBackend(proxy) && hasExpressions(forwarded)) {
    const compile = (value: ForwardedValue): ForwardedValue =>
      typeof value === 'string' ? value : compileValue(context, proxy, value.text, forwarded.place, diagnostics)
    const node = (written: ForwardedConfig['by']): ForwardedConfig['by'] =>
      written && { name: compile(written.name), port: written.port && compile(written.port) }
    const host = forwarded.host && compile(forwarded.host)
    proxy.change({ forwarded: { ...forwarded, host, by: node(forwarded.by), for: node(forwarded.for) } })
  }
}

const hasExpressions = ({ host, by, for: client }: ForwardedConfig): boolean =>
  [host, by?.name, by?.port, client?.name, client?.port].some((value) => typeof value === 'object')

const compileValue = (
  context: ParseContext,
  proxy: ProxyDraft,
  text: string,
  place: Place,
  diagnostics: Diagnostics,
): ForwardedValue => {
  const expression = parseLaterExpression(context, proxy, 'option forwarded', text, place, diagnostics)
  if (!expression) return { text }
  // HAProxy shows the place that has the number of the source; its sources begin with constants, which have no bit here
  if ((expression.places & REQUEST_HEADERS) === 0)
    diagnostics.add(
      'warning',
      `${whereOf(proxy, place)}: in 'option forwarded' sample expression '${text}' : some args extract information from ` +
        `'${placeName(expression.sources * 2)}', none of which is available here.`,
      place,
    )
  return { text, expression }
}
