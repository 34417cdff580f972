/** `auth` and `reject` of HTTP rules (`parse_http_auth`, `parse_http_action_reject`, src/http_act.c). */
import { toByteString } from '../../../bytes/text.js'
import type { Action } from '../../model/rules.js'
import type { ActionKeyword } from './action.js'

/** Asks the client for a user and a password. */
export interface AuthAction extends Action {
  readonly kind: 'auth'
  /** a byte string; undefined: the name of the proxy */
  readonly realm: string | undefined
}

/** Closes the connection without a reply. */
export interface RejectAction extends Action {
  readonly kind: 'reject'
}

const auth: ActionKeyword = {
  names: ['auth'],
  read: (reader): AuthAction => {
    reader.isFinal = true
    if (reader.word !== 'realm') return { kind: 'auth', realm: undefined }
    reader.next()
    const realm = reader.next()
    if (realm === '') reader.fail('missing realm value.\n')
    return { kind: 'auth', realm: toByteString(realm) }
  },
}

const reject: ActionKeyword = {
  names: ['reject'],
  ruleSets: ['http-request'],
  read: (): RejectAction => ({ kind: 'reject' }),
}

export const AUTH_ACTIONS = [auth, reject]
