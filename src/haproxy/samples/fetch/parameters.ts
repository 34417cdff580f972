/** Fetches of the parameters of queries and of form bodies (`smp_fetch_url_param`, `smp_fetch_body_param`, src/http_fetch.c). */
import { strl2ic } from '../../../bytes/integers.js'
import type { Argument } from '../../../config/samples/arguments.js'
import { locateParameter, type ParameterOptions } from '../../../http/index.js'
import type { SampleContext } from '../context.js'
import { textArgument, type Fetch, type FetchProgress } from '../keyword.js'
import { optionalStr, sint } from '../sample.js'
import { bodyOf } from './body.js'
import { requestHead } from './message.js'

/** The text that is searched, and the position where the search continues. */
interface Cursor {
  readonly text: string
  at: number
}

type FindText = (context: SampleContext, progress?: FetchProgress) => string | undefined

/** The first value, or the next one for callers that need all. */
const search =
  (find: FindText, name: string, options: ParameterOptions) =>
  (context: SampleContext, progress?: FetchProgress): string | undefined => {
    let cursor = progress?.cursor as Cursor | undefined
    if (!cursor) {
      const text = find(context, progress)
      if (text === undefined) return undefined
      cursor = { text, at: 0 }
    }
    const place = locateParameter(cursor.text, name, options, cursor.at)
    if (!place) return undefined
    if (progress) {
      progress.cursor = { text: cursor.text, at: place.end }
      progress.hasNext = place.end < cursor.text.length
    }
    return cursor.text.slice(place.start, place.end)
  }

/** Arguments: name, delimiter of the query, `i`. */
const bindQuery = (args: readonly Argument[]): ReturnType<typeof search> => {
  const delimiter = textArgument(args, 1)[0] ?? '?'
  const query: FindText = (context, progress) => {
    const uri = requestHead(context, progress)?.uri
    const at = uri?.indexOf(delimiter) ?? -1
    return at < 0 ? undefined : uri!.slice(at + 1)
  }
  return search(query, textArgument(args, 0), { delimiter, ignoresCase: textArgument(args, 2)[0] === 'i' })
}

/** Arguments: name, `i`. */
const bindBody = (args: readonly Argument[]): ReturnType<typeof search> =>
  search((context, progress) => bodyOf(context, 'request', progress), textArgument(args, 0), {
    delimiter: '&',
    ignoresCase: textArgument(args, 1)[0] === 'i',
  })

const textual = (name: string, bindSearch: typeof bindQuery): Fetch => ({
  name,
  bind: (args) => {
    const find = bindSearch(args)
    return (context, progress) => optionalStr(find(context, progress))
  },
})

export const PARAMETER_FETCHES: readonly Fetch[] = [
  textual('url_param', bindQuery),
  textual('urlp', bindQuery),
  textual('req.body_param', bindBody),
  {
    name: 'urlp_val',
    bind: (args) => {
      const find = bindQuery(args)
      return (context, progress) => {
        const value = find(context, progress)
        return value === undefined ? undefined : sint(strl2ic(value))
      }
    },
  },
]
