/** The fetches and converters that are emulated: one file each for a group of them, listed here. */
import type { SampleKeywords } from '../../config/samples/keywords.js'
import { CONVERTERS as ADDRESS } from './convert/address.js'
import { CONVERTERS as BASE64 } from './convert/base64.js'
import { CONVERTERS as BINARY } from './convert/binary.js'
import { CONVERTERS as DATES } from './convert/dates.js'
import { CONVERTERS as DIGESTS } from './convert/digests.js'
import { CONVERTERS as HASHES } from './convert/hashes.js'
import { CONVERTERS as INTEGERS } from './convert/integers.js'
import { CONVERTERS as JSON } from './convert/json.js'
import { CONVERTERS as LANGUAGE } from './convert/language.js'
import { CONVERTERS as PARTS } from './convert/parts.js'
import { CONVERTERS as TEXT } from './convert/text.js'
import { CONVERTERS as URL } from './convert/url.js'
import { FETCHES as CONSTANT } from './fetch/constant.js'
import { FETCHES as PROCESS } from './fetch/process.js'
import { FETCHES as PROXY } from './fetch/proxy.js'
import { FETCHES as RESPONSE } from './fetch/response.js'
import { FETCHES as VARIABLE } from './fetch/variable.js'
import type { Converter, Fetch } from './keyword.js'

export interface SampleRegistry extends SampleKeywords {
  readonly fetches: ReadonlyMap<string, Fetch>
  readonly converters: ReadonlyMap<string, Converter>
}

const byName = <T extends { readonly name: string }>(...groups: readonly (readonly T[])[]): ReadonlyMap<string, T> =>
  new Map(groups.flat().map((keyword) => [keyword.name, keyword]))

export const SAMPLES: SampleRegistry = {
  fetches: byName(CONSTANT, PROCESS, PROXY, RESPONSE, VARIABLE),
  converters: byName(ADDRESS, BASE64, BINARY, DATES, DIGESTS, HASHES, INTEGERS, JSON, LANGUAGE, PARTS, TEXT, URL),
}
