/** The reporters of `hapsim test`: one writes to the terminal, others to files. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { fsErrorText, makeDirectory } from '../disk/directory.js'
import type { Reporter, ReporterName, ReporterOptions } from '../testkit/index.js'
import { UsageError, type Terminal } from './terminal.js'

export const REPORTERS: readonly ReporterName[] = ['spec', 'dot', 'tap', 'junit', 'json']

export interface ReporterChoice {
  readonly name: ReporterName
  /** undefined: the terminal */
  readonly file: string | undefined
}

/** Parses `junit` or `junit=report.xml`. */
export const parseReporter = (text: string): ReporterChoice => {
  const [, name, file] = /^([^=]*)(?:=(.*))?$/s.exec(text)!
  const known = REPORTERS.find((each) => each === name)
  if (known === undefined) throw new InvalidArgumentError(`Allowed choices are ${REPORTERS.join(', ')}.`)
  if (file === '') throw new InvalidArgumentError(`expected ${known}=FILE, or ${known} for the terminal`)
  return { name: known, file }
}

/** The reporter that writes to the terminal; if all write to files, failures are shown there. */
export const terminalReporter = (choices: readonly ReporterChoice[]): ReporterName | 'failures' =>
  choices.length === 0 ? 'spec' : (choices.find(({ file }) => file === undefined)?.name ?? 'failures')

export interface OpenReporters {
  readonly reporters: readonly Reporter[]
  /** Closes the files and returns their names. */
  close(): string[]
}

/** Opens the files. Throws a {@link UsageError} if one cannot be written, or if two reporters share an output. */
export const openReporters = (
  choices: readonly ReporterChoice[],
  make: (name: ReporterName | 'failures', options: ReporterOptions) => Reporter,
  options: Omit<ReporterOptions, 'write' | 'colours'>,
  terminal: Terminal,
): OpenReporters => {
  const places = choices.map(({ file }) => file)
  if (places.filter((file) => file === undefined).length > 1)
    throw new UsageError(
      'only one reporter can write to the terminal: give files for the others, such as --reporter junit=report.xml',
    )
  const twice = places.find((file, i) => places.indexOf(file) < i)
  if (twice !== undefined) throw new UsageError(`two reporters cannot both write to ${twice}`)
  const files = choices.flatMap(({ name, file }) =>
    file === undefined ? [] : [{ name, file, descriptor: open(file) }],
  )
  const shown = make(terminalReporter(choices), {
    ...options,
    write: (text) => terminal.write(text),
    colours: terminal.colours,
  })
  return {
    reporters: [
      shown,
      ...files.map(({ name, descriptor }) =>
        make(name, { ...options, write: (text) => void writeSync(descriptor, `${text}\n`), colours: false }),
      ),
    ],
    close: () => {
      for (const { descriptor } of files) closeSync(descriptor)
      return files.map(({ file }) => file)
    },
  }
}

const open = (file: string): number => {
  try {
    makeDirectory(dirname(file))
    return openSync(file, 'w')
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${fsErrorText(error)}`)
  }
}
