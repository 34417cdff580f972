/** Whether caches may keep a response, and its cookies (`http_check_response_for_cacheability`, src/http_ana.c; RFC 9111). */
import { lowerCase } from '../../../http/characters.js'
import { listValues } from '../../../http/index.js'
import type { Transaction } from './transaction.js'

const FORBIDDING: ReadonlySet<string> = new Set(['private', 'no-cache', 'no-store', 's-maxage=0'])

export const checkCacheability = (transaction: Transaction): void => {
  const { fields } = transaction.response.head!
  const forbid = (): void => void (transaction.isCacheable = transaction.mayCacheCookies = false)
  if (transaction.status < 200 || lowerCase(fields.get('pragma') ?? '') === 'no-cache') return forbid()
  let isFresh = false
  let hasNoAge = false
  for (const value of fields.all('cache-control').flatMap((each) => [...listValues(each)])) {
    const directive = lowerCase(value)
    if (directive === 'public') transaction.isCacheable = transaction.mayCacheCookies = true
    else if (directive === 'max-age=0') hasNoAge = true
    else if (FORBIDDING.has(directive)) forbid()
    else if (directive.startsWith('no-cache="set-cookie')) transaction.mayCacheCookies = false
    else if (directive.startsWith('s-maxage')) {
      isFresh = true
      hasNoAge = false
    } else if (directive.startsWith('max-age')) isFresh = true
  }
  if (hasNoAge) forbid()
  if (!isFresh && !['expires', 'etag', 'last-modified'].some((name) => fields.has(name)))
    transaction.isCacheable = false
}
