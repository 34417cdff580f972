/** Error files: responses in files (http_load_errorfile, http_parse_errorfile in src/http_htx.c). */
import { DEFAULT_LIMITS, ERROR_STATUSES, parseStoredResponse } from '../http/index.js'
import type { ErrorPage } from './model/errors.js'
import type { ParseContext } from './parse-context.js'
import type { Line } from './syntax/line.js'

/** Why a file is invalid. */
export interface ErrorFileProblem {
  readonly error: string
}

/** Whether the status has an error page that can be replaced. */
export const hasErrorPage = (status: number): boolean => ERROR_STATUSES.includes(status)

/** The page in `file` for `status`. A file that cannot be looked at is assumed to be empty. */
export const loadErrorPage = (
  context: ParseContext,
  line: Line,
  status: number,
  file: string,
): ErrorPage | ErrorFileProblem => {
  if (!hasErrorPage(status)) return { error: `status code '${status}' not handled.` }
  const known = context.errorFiles.get(file)
  const response = known === undefined ? loadErrorFile(context, line, file) : known.response
  if (response !== undefined && 'error' in response) return response
  context.errorFiles.set(file, { response })
  return { status, response }
}

const loadErrorFile = (context: ParseContext, line: Line, file: string): ErrorPage['response'] | ErrorFileProblem => {
  const content = context.options.readFile?.(context.defaultPath.locate(file))
  if (content === undefined) return undefined
  if (content === 'EISDIR') return { error: `error reading file '${file}'.` }
  if (typeof content === 'string') return { error: `error opening file '${file}'.` }
  const { buffer } = DEFAULT_LIMITS
  if (content.length > buffer)
    context.main.add(
      'warning',
      `config : custom error message file '${file}' larger than ${buffer} bytes. Truncating.`,
      line.place,
    )
  if (content.length === 0) return undefined
  const text = Buffer.from(content.subarray(0, buffer)).toString('latin1')
  const response = parseStoredResponse(text, DEFAULT_LIMITS)
  return 'error' in response ? { error: `'${file}': ${response.error}` } : response
}
