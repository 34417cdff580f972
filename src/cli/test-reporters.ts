/** The reporters of `hapsim test`: one writes to the terminal, any number to files. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { diskProblem, makeFolder } from '../disk/folder.js'
import type { Reporter, ReporterName, ReporterOptions } from '../testkit/index.js'
import { WrongCall, type Terminal } from './terminal.js'

export const REPORTERS: readonly ReporterName[] = ['spec', 'dot', 'tap', 'junit', 'json']

export interface ReporterChoice {
  readonly name: ReporterName
  /** undefined: the terminal */
  readonly file: string | undefined
}

/** `junit`, or `junit=report.xml` */
export const parseReporter = (text: string): ReporterChoice => {
  const [, name, file] = /^([^=]*)(?:=(.*))?$/s.exec(text)!
  const known = REPORTERS.find((each) => each === name)
  if (known === undefined) throw new InvalidArgumentError(`Allowed choices are ${REPORTERS.join(', ')}.`)
  if (file === '') throw new InvalidArgumentError(`write ${known}=FILE, or ${known} for the terminal`)
  return { name: known, file }
}

/** The one that writes to the terminal: without any, what failed is shown there. */
export const terminalReporter = (choices: readonly ReporterChoice[]): ReporterName | 'failures' =>
  choices.length === 0 ? 'spec' : (choices.find(({ file }) => file === undefined)?.name ?? 'failures')

export interface OpenReporters {
  readonly reporters: readonly Reporter[]
  /** Closes the files; returns their names. */
  close(): string[]
}

/** Opens the files. Throws a {@link WrongCall} for one that cannot be written, and where two reporters would write to one place. */
export const openReporters = (
  choices: readonly ReporterChoice[],
  make: (name: ReporterName | 'failures', options: ReporterOptions) => Reporter,
  options: Omit<ReporterOptions, 'write' | 'colours'>,
  terminal: Terminal,
): OpenReporters => {
  const places = choices.map(({ file }) => file)
  if (places.filter((file) => file === undefined).length > 1)
    throw new WrongCall(
      'one reporter only writes to the terminal: name files for the others, as in --reporter junit=report.xml',
    )
  const twice = places.find((file, i) => places.indexOf(file) < i)
  if (twice !== undefined) throw new WrongCall(`two reporters cannot both write to ${twice}`)
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
    makeFolder(dirname(file))
    return openSync(file, 'w')
  } catch (error) {
    throw new WrongCall(`cannot write ${file}: ${diskProblem(error)}`)
  }
}
