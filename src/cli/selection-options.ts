/** Options that select what is shown of a run. */
import { InvalidArgumentError, Option, type Command } from 'commander'
import { OCCURRENCE_KINDS, type OccurrenceKind, type Selection } from '../report/selection.js'

/** Adds `--quiet`, `--verbose` and `--only`. */
export const addSelectionOptions = (command: Command): Command =>
  command
    .addOption(quietOption('only errors, alerts, warnings and the last line').conflicts(['verbose', 'only']))
    .addOption(new Option('-v, --verbose', 'also show connections and requests').conflicts('only'))
    .addOption(new Option('--only <kinds>', `show only some of ${OCCURRENCE_KINDS.join(', ')}`).argParser(parseKinds))

/** The `--quiet` option. */
export const quietOption = (what: string): Option => new Option('-q, --quiet', `show ${what}`)

/** The options of {@link addSelectionOptions} alone. */
export const selectionOf = ({ quiet, verbose, only }: Selection): Selection => ({
  ...(quiet && { quiet }),
  ...(verbose && { verbose }),
  ...(only && { only }),
})

const parseKinds = (value: string): OccurrenceKind[] =>
  value.split(',').map((text) => {
    const kind = OCCURRENCE_KINDS.find((each) => each === text.trim())
    if (kind === undefined) throw new InvalidArgumentError(`'${text}' is not one of ${OCCURRENCE_KINDS.join(', ')}`)
    return kind
  })
