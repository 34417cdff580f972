/** The fetches and converters that are emulated: one file each for a group of them, listed here. */
import { ADDRESS_CONVERTERS as ADDRESS } from './convert/address.js'
import { BASE64_CONVERTERS as BASE64 } from './convert/base64.js'
import { BINARY_CONVERTERS as BINARY } from './convert/binary.js'
import { CERTIFICATE_ERROR_CONVERTERS as CERTIFICATES } from './convert/certificate-errors.js'
import { CONTROL_CONVERTERS as CONTROL } from './convert/control.js'
import { DATE_CONVERTERS as DATES } from './convert/dates.js'
import { DIGEST_CONVERTERS as DIGESTS } from './convert/digests.js'
import { FORWARDED_CONVERTERS as FORWARDED } from './convert/forwarded.js'
import { HASH_CONVERTERS as HASHES } from './convert/hashes.js'
import { INTEGER_CONVERTERS as INTEGERS } from './convert/integers.js'
import { JSON_CONVERTERS as JSON } from './convert/json.js'
import { JSON_QUERY_CONVERTERS as JSON_QUERY } from './convert/json-query.js'
import { LANGUAGE_CONVERTERS as LANGUAGE } from './convert/language.js'
import { MAP_CONVERTERS as MAPS } from './convert/map.js'
import { PART_CONVERTERS as PARTS } from './convert/parts.js'
import { PROTOCOL_CONVERTERS as PROTOCOLS } from './convert/protocols.js'
import { REGULAR_CONVERTERS as REGULAR } from './convert/regular.js'
import { SERVER_CONVERTERS as SERVERS } from './convert/servers.js'
import { STREAM_CONVERTERS as STREAM } from './convert/stream.js'
import { TEXT_CONVERTERS as TEXT } from './convert/text.js'
import { TOKEN_CONVERTERS as TOKENS } from './convert/tokens.js'
import { URL_CONVERTERS as URL } from './convert/url.js'
import { VARIABLE_CONVERTERS as VARIABLES } from './convert/variables.js'
import { ACL_FETCHES as ACL } from './fetch/acl.js'
import { AUTHORIZATION_FETCHES as AUTHORIZATION } from './fetch/authorization.js'
import { BODY_FETCHES as BODY } from './fetch/body.js'
import { CAPTURE_FETCHES as CAPTURES } from './fetch/captures.js'
import { CLIENT_HELLO_FETCHES as CLIENT_HELLO } from './fetch/client-hello.js'
import { CONNECTION_FETCHES as CONNECTION } from './fetch/connection.js'
import { CONSTANT_FETCHES as CONSTANT } from './fetch/constant.js'
import { COOKIE_FETCHES as COOKIES } from './fetch/cookies.js'
import { DISTCC_FETCHES as DISTCC } from './fetch/distcc.js'
import { FRONTEND_FETCHES as FRONTEND } from './fetch/frontend.js'
import { HEADER_FETCHES as HEADERS } from './fetch/headers.js'
import { PARAMETER_FETCHES as PARAMETERS } from './fetch/parameters.js'
import { PAYLOAD_FETCHES as PAYLOAD } from './fetch/payload.js'
import { PROCESS_FETCHES as PROCESS } from './fetch/process.js'
import { PROXY_FETCHES as PROXY } from './fetch/proxy.js'
import { REQUEST_FETCHES as REQUEST } from './fetch/request.js'
import { RESPONSE_FETCHES as RESPONSE } from './fetch/response.js'
import { STREAM_FETCHES as STREAM_STATE } from './fetch/stream.js'
import { TIMER_FETCHES as TIMERS } from './fetch/timers.js'
import { TLS_FETCHES as TLS } from './fetch/tls.js'
import { VARIABLE_FETCHES as VARIABLE } from './fetch/variable.js'
import type { SampleRegistry } from './keyword.js'

const byName = <T extends { readonly name: string }>(...groups: readonly (readonly T[])[]): ReadonlyMap<string, T> =>
  new Map(groups.flat().map((keyword) => [keyword.name, keyword]))

export const SAMPLES: SampleRegistry = {
  fetches: byName(
    ACL,
    AUTHORIZATION,
    BODY,
    CAPTURES,
    CLIENT_HELLO,
    CONNECTION,
    CONSTANT,
    COOKIES,
    DISTCC,
    FRONTEND,
    HEADERS,
    PARAMETERS,
    PAYLOAD,
    PROCESS,
    PROXY,
    REQUEST,
    RESPONSE,
    STREAM_STATE,
    TIMERS,
    TLS,
    VARIABLE,
  ),
  converters: byName(
    ADDRESS,
    BASE64,
    BINARY,
    CERTIFICATES,
    CONTROL,
    DATES,
    DIGESTS,
    FORWARDED,
    HASHES,
    INTEGERS,
    JSON,
    JSON_QUERY,
    LANGUAGE,
    MAPS,
    PARTS,
    PROTOCOLS,
    REGULAR,
    SERVERS,
    STREAM,
    TEXT,
    TOKENS,
    URL,
    VARIABLES,
  ),
}
