/** Error pages in the model of a configuration. */
import type { StoredResponse } from '../../http/index.js'
import type { Place } from '../syntax/place.js'

/** A response from a file; `undefined` stands for an empty file: the connection is closed without one. */
export interface ErrorPage {
  readonly status: number
  readonly response: StoredResponse | undefined
}

/** A section `http-errors`: pages by status. */
export interface HttpErrorsConfig {
  readonly name: string
  readonly place: Place
  readonly pages: ReadonlyMap<number, ErrorPage>
}
