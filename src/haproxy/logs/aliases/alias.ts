/** What writes an alias of log-formats. */
import type { LineWriter } from '../line-writer.js'
import type { LogSubject } from '../subject.js'

/** @param request the number of the request */
export type WriteAlias = (line: LineWriter, subject: LogSubject, request: number) => void

export type Aliases = Readonly<Record<string, WriteAlias>>
