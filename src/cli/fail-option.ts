/** The `--fail` option: which kinds of failure set the exit code. */
import { InvalidArgumentError, Option } from 'commander'
import { FAILURE_KINDS, DEFAULT_FAILURE_KINDS, type FailureKind } from '../explore/index.js'

/** @param kinds those that the command can detect */
export const failOption = (kinds: readonly FailureKind[] = FAILURE_KINDS): Option =>
  new Option('--fail <kinds>', `what is treated as a failure: ${kinds.join(', ')}, or none`)
    .argParser((value: string) => parseKinds(value, kinds))
    .default(
      kinds.filter((kind) => DEFAULT_FAILURE_KINDS.includes(kind)),
      'all but alert',
    )

const parseKinds = (value: string, kinds: readonly FailureKind[]): readonly FailureKind[] =>
  value.trim() === 'none'
    ? []
    : value.split(',').map((text) => {
        const kind = kinds.find((each) => each === text.trim())
        if (kind === undefined) throw new InvalidArgumentError(`'${text}' is not one of ${kinds.join(', ')}`)
        return kind
      })
