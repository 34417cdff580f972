/** The flag `--fail`: which kinds of failures make a command fail. */
import { InvalidArgumentError, Option } from 'commander'
import { FAILURE_KINDS, USUAL_FAILURES, type FailureKind } from '../explore/index.js'

/** @param kinds those that the command can find */
export const failOption = (kinds: readonly FailureKind[] = FAILURE_KINDS): Option =>
  new Option('--fail <kinds>', `what counts as a failure: ${kinds.join(', ')}, or none`)
    .argParser((value: string) => parseKinds(value, kinds))
    .default(
      kinds.filter((kind) => USUAL_FAILURES.includes(kind)),
      'all but alert',
    )

const parseKinds = (value: string, kinds: readonly FailureKind[]): readonly FailureKind[] =>
  value.trim() === 'none'
    ? []
    : value.split(',').map((text) => {
        const kind = kinds.find((each) => each === text.trim())
        if (kind === undefined) throw new InvalidArgumentError(`'${text}' is none of ${kinds.join(', ')}`)
        return kind
      })
