/** Regression tests (.vtc) in place of a world that the command line describes. */
import { UsageError } from '../terminal.js'
import { TEST_TIME, type Definition } from './flags.js'

/** Options of a test. */
export interface TestFlags {
  /** macros */
  readonly define?: readonly Definition[]
  /** how long it may take, in seconds of virtual time */
  readonly duration?: number
}

/** Whether the arguments name a regression test. */
export const isRegressionTest = (files: readonly string[]): boolean => files.some((file) => file.endsWith('.vtc'))

/** Options of a world that the command line describes. */
interface OtherFlags {
  readonly at: readonly string[]
  readonly http: readonly unknown[]
  readonly tcp: readonly string[]
  readonly for?: string
}

const OTHERS = ['at', 'http', 'tcp'] as const

/** The specification of a test. Throws a {@link UsageError} for options that it does not use. */
export const makeTestSpec = <Flags extends OtherFlags>(
  files: readonly string[],
  flags: Flags,
): Flags & { readonly files: readonly string[]; readonly for: string } => {
  const reason = 'is not possible with a .vtc file: a test describes its world'
  if (files.length > 1) throw new UsageError(`another file ${reason}`)
  const other = flags.for === undefined ? OTHERS.find((name) => flags[name].length > 0) : 'for'
  if (other !== undefined) throw new UsageError(`--${other} ${reason}`)
  return { ...flags, files, for: '' }
}

/** The command line of a test; options with default values are omitted. */
export const testArguments = ({
  files,
  env,
  define = [],
  duration = TEST_TIME,
}: TestFlags & {
  readonly files: readonly string[]
  readonly env: Readonly<Record<string, string>>
}): readonly string[] => [
  ...files,
  ...define.flatMap(([name, value]) => ['-D', `${name}=${value}`]),
  ...(duration === TEST_TIME ? [] : ['-t', String(duration)]),
  ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
]
