/** A section `http-errors` while it is parsed. */
import type { ErrorPage, HttpErrorsConfig } from '../model/errors.js'
import { SectionKey } from '../section-drafts.js'

/** A mutable {@link HttpErrorsConfig}. */
export interface HttpErrorsDraft extends HttpErrorsConfig {
  readonly pages: Map<number, ErrorPage>
}

/** The sections `http-errors` of a configuration. */
export const HTTP_ERRORS = new SectionKey<HttpErrorsDraft>('http-errors')
