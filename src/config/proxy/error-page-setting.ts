/** What a line of a proxy says of error pages. Texts are byte strings. */
import type { ErrorPage } from '../model/errors.js'
import type { HttpReply } from '../model/replies.js'
import type { Place } from '../syntax/place.js'

/** A line about error pages, which are looked up in the order of the text. */
export type ErrorPageSetting =
  | { readonly kind: 'page'; readonly page: ErrorPage }
  | { readonly kind: 'redirect'; readonly status: number; readonly code: 302 | 303; readonly url: string }
  | { readonly kind: 'reply'; readonly reply: HttpReply }
  | {
      readonly kind: 'section'
      readonly name: string
      /** undefined: all that the section has */
      readonly statuses: readonly number[] | undefined
      readonly place: Place
    }
