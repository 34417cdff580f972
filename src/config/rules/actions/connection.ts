/**
 * Actions on connections: `set-src`, `set-dst` and their ports, `set-mark`, `set-tos`, `silent-drop`, `attach-srv` (src/tcp_act.c).
 */
import { toByteString } from '../../../bytes/text.js'
import type { Action } from '../../model/rules.js'
import type { SampleExpression } from '../../samples/expression.js'
import type { RuleReader } from '../rule-reader.js'
import type { ActionKeyword, RuleCheck } from './action.js'
import { numberOrExpression, type NumberOrExpression } from './values.js'

/** Changes an address or a port as the rest of HAProxy sees it. */
export interface SetAddressAction extends Action {
  readonly kind: 'set-src' | 'set-src-port' | 'set-dst' | 'set-dst-port'
  readonly value: SampleExpression
}

/** Marks packets or sets their type of service, which has no effect in a simulation. */
export interface MarkAction extends Action {
  readonly kind: 'set-mark' | 'set-tos'
  readonly side: 'client' | 'server'
  readonly value: NumberOrExpression
}

/** Closes the connection without telling the client. */
export interface SilentDropAction extends Action {
  readonly kind: 'silent-drop'
  /** the time to live of a TCP reset; 0: no reset */
  readonly resetTtl: number
}

/** Makes the connection one of a server's that can be reused (reverse HTTP). */
export interface AttachServerAction extends Action {
  readonly kind: 'attach-srv'
  readonly server: string
  readonly connectionName: SampleExpression | undefined
}

const setAddress: ActionKeyword = {
  names: ['set-src', 'set-src-port', 'set-dst', 'set-dst-port'],
  read: (reader): SetAddressAction => {
    const begin = reader.at
    const value = reader.availableExpression({ places: reader.requestPlaces })
    // converters after blanks are read, and taken for the condition then
    reader.at = begin + 1
    return { kind: reader.name as SetAddressAction['kind'], value }
  },
}

const mark: ActionKeyword = {
  names: ['set-mark', 'set-tos', 'set-fc-mark', 'set-fc-tos', 'set-bc-mark', 'set-bc-tos'],
  read: (reader): MarkAction => {
    const { name } = reader
    if (reader.word === '') reader.fail('expects an argument')
    return {
      kind: name.endsWith('mark') ? 'set-mark' : 'set-tos',
      side: name.startsWith('set-bc') ? 'server' : 'client',
      value: numberOrExpression(reader, { places: reader.requestPlaces, shown: name }),
    }
  },
}

const silentDrop: ActionKeyword = {
  names: ['silent-drop'],
  read: (reader): SilentDropAction => {
    if (reader.word !== 'rst-ttl') return { kind: 'silent-drop', resetTtl: 0 }
    reader.next()
    const text = reader.next()
    if (text === '') reader.fail('missing rst-ttl value\n')
    const rest = text.replace(/^\s*[+-]?(?:0[xX][0-9a-fA-F]+|\d+)/, '')
    if (rest !== '') reader.fail(`invalid character starting at '${rest}' (value 1-255 expected)\n`)
    const resetTtl = Number(text)
    if (!(resetTtl >= 1 && resetTtl <= 255)) reader.fail('valid rst-ttl values are [1-255]\n')
    return { kind: 'silent-drop', resetTtl }
  },
}

const attachServer: ActionKeyword = {
  names: ['attach-srv'],
  read: (reader): AttachServerAction => {
    const { context, line } = reader
    if (!context.global.allowsExperimental)
      reader.fail(
        `parsing [${line.file}:${line.line}] : '${line.at(2)}' action is experimental, must be allowed via a global ` +
          "'expose-experimental-directives'",
      )
    const server = reader.next()
    return { kind: 'attach-srv', server: toByteString(server), connectionName: readConnectionName(reader) }
  },
  check: (...args) => checkAttachServer(...args),
}

const readConnectionName = (reader: RuleReader): SampleExpression | undefined => {
  if (reader.word !== 'name') return undefined
  reader.next()
  return !reader.hasMore ? reader.fail('missing name value') : reader.expression()
}

const checkAttachServer: RuleCheck = ({ action }, context, proxy) => {
  const { server: text, connectionName } = action as AttachServerAction
  const fail = (problem: string): string => `attach-srv rule${problem}`
  if (proxy.settings.mode !== 'http') return fail(' requires HTTP proxy mode')
  const slash = text.indexOf('/')
  const [backend, name] = slash < 0 ? [text, ''] : [text.slice(0, slash), text.slice(slash + 1)]
  if (name === '') return fail(`: invalid server name '${text}'`)
  const owner = context.backend(backend)
  if (!owner) return fail(`: no such backend '${backend}/${name}'`)
  const server = owner.servers.find((each) => each.name === name)
  if (!server) return fail(`: no such server '${backend}/${name}'`)
  const which = `server '${backend}/${name}'`
  if (connectionName && !server.namesConnections)
    return fail(
      ` has a name argument while ${which} does not use pool-conn-name; either reconfigure the server or remove the name ` +
        'argument from this attach-srv rule',
    )
  if (!connectionName && server.namesConnections)
    return fail(
      ` has no name argument while ${which} uses pool-conn-name; either add a name argument to the attach-srv rule or ` +
        'reconfigure the server',
    )
  return undefined
}

export const CONNECTION_ACTIONS = [setAddress, mark, silentDrop, attachServer]
