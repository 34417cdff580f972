/** A section `fcgi-app` while it is parsed. */
import type { FcgiAppConfig, FcgiRuleConfig } from '../model/fcgi.js'
import { AclList } from '../rules/acl-list.js'
import { SectionKey } from '../section-drafts.js'
import type { Place } from '../syntax/place.js'

/** Header fields between two hops, which applications do not get unless `pass-header` says so. */
const HOP_BY_HOP = [
  ...['connection', 'keep-alive', 'authorization', 'proxy', 'proxy-authorization', 'proxy-authenticate', 'te'],
  ...['trailers', 'transfer-encoding', 'upgrade'],
]

export class FcgiAppDraft implements FcgiAppConfig {
  docroot = ''
  index: string | undefined
  pathInfo: FcgiAppConfig['pathInfo']
  keepConnections = true
  getValues = false
  multiplexes = false
  maxRequests = 1
  logs: FcgiAppConfig['logs'] = []
  readonly acls = new AclList()
  readonly rules: FcgiRuleConfig[] = [
    { kind: 'set-param', name: 'remote_user', value: '%[http_auth_user]', condition: undefined },
    { kind: 'set-param', name: 'auth_type', value: '%[http_auth_type]', condition: undefined },
    ...HOP_BY_HOP.map((name) => ({ kind: 'hide-header', name, condition: undefined }) as const),
  ]

  constructor(
    readonly name: string,
    readonly place: Place,
  ) {}
}

/** The sections `fcgi-app` of a configuration. */
export const FCGI_APPS = new SectionKey<FcgiAppDraft>('fcgi-app')
