/** The flags that choose what a command shows of a run. */
import { InvalidArgumentError, Option, type Command } from 'commander'
import { OCCURRENCE_KINDS, type OccurrenceKind, type Selection } from '../report/selection.js'

export const addShown = (command: Command): Command =>
  command
    .addOption(quietOption('errors, alerts and warnings only, and the last line').conflicts(['verbose', 'only']))
    .addOption(new Option('-v, --verbose', 'connections and requests, too').conflicts('only'))
    .addOption(new Option('--only <kinds>', `only what is one of ${OCCURRENCE_KINDS.join(', ')}`).argParser(kinds))

export const quietOption = (what: string): Option => new Option('-q, --quiet', `show ${what}`)

/** The flags of {@link addShown} alone. */
export const selectionOf = ({ quiet, verbose, only }: Selection): Selection => ({
  ...(quiet && { quiet }),
  ...(verbose && { verbose }),
  ...(only && { only }),
})

const kinds = (value: string): OccurrenceKind[] =>
  value.split(',').map((text) => {
    const kind = OCCURRENCE_KINDS.find((each) => each === text.trim())
    if (kind === undefined) throw new InvalidArgumentError(`'${text}' is not one of ${OCCURRENCE_KINDS.join(', ')}`)
    return kind
  })
