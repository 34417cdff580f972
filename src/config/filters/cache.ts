/** `filter cache NAME`, which rules declare, too (`parse_cache_flt`, `cache_store_check`, src/cache.c). */
import type { CacheFilter } from '../model/filters.js'
import { proxyTypeName } from '../proxy/draft.js'
import { CACHES } from '../sections/cache-draft.js'
import type { FilterKeyword } from './keyword.js'

export const CACHE_FILTER: FilterKeyword = {
  names: ['cache'],
  read: (reader): CacheFilter => {
    const cache = reader.next()
    if (cache === '') reader.fail('cache : expects a <name> argument')
    const { traffic, name } = reader.proxy
    const earlier = traffic.filters.findIndex((each) => each.kind === 'cache' && each.cache === cache)
    if (earlier >= 0) {
      if (!(traffic.filters[earlier] as CacheFilter).implicit)
        reader.fail(`${name}: multiple explicit declarations of the cache filter '${cache}'`)
      traffic.filters.splice(earlier, 1)
    }
    return { kind: 'cache', cache, implicit: false }
  },
  check: (filter, context, proxy) => {
    const { cache, implicit } = filter as CacheFilter
    const owner = `config: ${proxyTypeName(proxy)} '${proxy.name}'`
    if (!context.drafts(CACHES).find(cache))
      return `${owner}: unable to find the cache '${cache}' referenced by the filter 'cache'.`
    const { filters } = proxy.traffic
    for (const each of filters) {
      if (each === filter || each.kind === 'fcgi-app' || each.kind === 'cache') continue
      if (each.kind === 'compression') {
        if (filters.indexOf(each) < filters.indexOf(filter))
          return `${owner}: unable to enable the compression filter before the cache '${cache}'.`
      } else if (implicit) return `${owner}: require an explicit filter declaration to use the cache '${cache}'.`
    }
    return undefined
  },
}
