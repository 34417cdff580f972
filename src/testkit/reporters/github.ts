/** Annotates failures in GitHub workflows with commands in the log. */
import { fullName, type Reporter, type TestResult } from '../result.js'
import { isFailure } from './details.js'

export class GithubReporter implements Reporter {
  constructor(readonly write: (text: string) => void) {}

  result(result: TestResult): void {
    if (!isFailure(result)) return
    const [, file = result.file, line = '1'] = /^(.*):(\d+)$/.exec(result.problem?.where ?? result.where ?? '') ?? []
    const property = (text: string) => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
    const place = `file=${property(file)},line=${line},title=${property(fullName(result))}`
    this.write(`::error ${place}::${escapeData(result.problem?.message ?? '')}`)
  }

  printed(): void {}

  end(): void {}
}

/** Escapes a value of a workflow command. */
const escapeData = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
