/** `add-acl`, `del-acl`, `set-map`, `del-map`: changes of ACLs and maps that were loaded from files (`parse_http_set_map`, src/http_act.c). */
import { toByteString } from '../../../bytes/text.js'
import type { Action } from '../../model/rules.js'
import type { LogFormat } from '../../samples/log-format.js'
import type { ActionKeyword } from './action.js'

export interface ChangePatternsAction extends Action {
  readonly kind: 'add-acl' | 'del-acl' | 'set-map' | 'del-map'
  /** the name of the file, a byte string */
  readonly file: string
  readonly key: LogFormat
  /** of `set-map` */
  readonly value: LogFormat | undefined
}

export const CHANGE_PATTERNS: ActionKeyword = {
  names: ['add-acl', 'del-acl', 'set-map', 'del-map'],
  read: (reader): ChangePatternsAction => {
    const { name } = reader
    const kind = name.slice(0, 7) as ChangePatternsAction['kind']
    const setsValue = kind === 'set-map'
    const [key, value] = [reader.next(), setsValue ? reader.next() : undefined]
    if (setsValue && value === '') reader.fail('expects exactly 2 arguments')
    if (key === '') reader.fail('expects exactly 1 arguments')
    return {
      kind,
      file: toByteString(name.slice(kind.length + 1, -1)),
      key: reader.logFormat(key),
      value: value === undefined ? undefined : reader.logFormat(value),
    }
  },
}
