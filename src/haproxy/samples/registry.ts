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
import { CONSTANT_FETCHES as CONSTANT } from './fetch/constant.js'
import { PROCESS_FETCHES as PROCESS } from './fetch/process.js'
import { PROXY_FETCHES as PROXY } from './fetch/proxy.js'
import { RESPONSE_FETCHES as RESPONSE } from './fetch/response.js'
import { VARIABLE_FETCHES as VARIABLE } from './fetch/variable.js'
import type { SampleRegistry } from './keyword.js'

const byName = <T extends { readonly name: string }>(...groups: readonly (readonly T[])[]): ReadonlyMap<string, T> =>
  new Map(groups.flat().map((keyword) => [keyword.name, keyword]))

export const SAMPLES: SampleRegistry = {
  fetches: byName(ACL, CONSTANT, PROCESS, PROXY, RESPONSE, VARIABLE),
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
