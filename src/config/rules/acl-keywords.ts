/** ACL keywords: fetches under another name, with a match method (`struct acl_keyword`; `haproxy -dKacl`). */
import { KNOWN_ACLS } from '../known/acls.js'
import { KIND_OF, type Matching, type PatternKind } from '../patterns/match-method.js'

export interface AclKeyword {
  readonly name: string
  readonly fetch: string
  readonly matching: Matching
  readonly kind: PatternKind
}

/** Keywords that parse or match patterns in their own way (src/http_acl.c, src/payload.c), which the listing does not show. */
const SPECIAL: ReadonlyMap<string, Pick<AclKeyword, 'matching' | 'kind'>> = new Map([
  ['method', { matching: 'method', kind: 'method' }],
  ['http_auth_group', { matching: 'group', kind: 'string' }],
  ['req.ssl_ver', { matching: 'int', kind: 'version' }],
  ['req_ssl_ver', { matching: 'int', kind: 'version' }],
] as const)

let keywords: Map<string, AclKeyword> | undefined

/** The ACL keyword of that name. */
export const aclKeyword = (name: string): AclKeyword | undefined => {
  keywords ??= new Map(
    KNOWN_ACLS.trim()
      .split('\n')
      .map((row) => {
        const [keyword, fetch, method] = row.split('|') as [string, string, Matching]
        return [
          keyword,
          { name: keyword, fetch, ...(SPECIAL.get(keyword) ?? { matching: method, kind: KIND_OF[method] }) },
        ]
      }),
  )
  return keywords.get(name)
}

/** The predefined ACLs (`default_acl_list` in src/acl.c; configuration manual, section 7.4). */
export const PREDEFINED_ACLS: ReadonlyMap<string, string> = new Map([
  ['TRUE', 'always_true'],
  ['FALSE', 'always_false'],
  ['LOCALHOST', 'src 127.0.0.1/8 ::1'],
  ['HTTP', 'req.proto_http'],
  ['HTTP_1.0', 'req.ver 1.0'],
  ['HTTP_1.1', 'req.ver 1.1'],
  ['HTTP_2.0', 'req.ver 2.0'],
  ['HTTP_3.0', 'req.ver 3.0'],
  ['METH_CONNECT', 'method CONNECT'],
  ['METH_DELETE', 'method DELETE'],
  ['METH_GET', 'method GET HEAD'],
  ['METH_HEAD', 'method HEAD'],
  ['METH_OPTIONS', 'method OPTIONS'],
  ['METH_POST', 'method POST'],
  ['METH_PUT', 'method PUT'],
  ['METH_TRACE', 'method TRACE'],
  ['HTTP_URL_ABS', 'url_reg ^[^/:]*://'],
  ['HTTP_URL_SLASH', 'url_beg /'],
  ['HTTP_URL_STAR', 'url *'],
  ['HTTP_CONTENT', 'req.hdr_val(content-length) gt 0'],
  ['RDP_COOKIE', 'req.rdp_cookie_cnt gt 0'],
  ['REQ_CONTENT', 'req.len gt 0'],
  ['WAIT_END', 'wait_end'],
])
