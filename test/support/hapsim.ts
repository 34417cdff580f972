/** Calls the command `hapsim` within the test's own process. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runProgram } from '../../src/cli/program.js'
import type { Terminal } from '../../src/cli/terminal.js'
import { temporaryFolder } from './temporary-folder.js'

export interface Called {
  readonly code: number
  /** lines of the standard output; the folder's name is left out of paths */
  readonly out: string
  /** lines of the standard error */
  readonly complaints: string
}

/** `files` are written first, to a new folder unless one is given; `@` in arguments is that folder. */
export const hapsim = async (
  args: readonly string[],
  files: Readonly<Record<string, string>> = {},
  folder = temporaryFolder('cli'),
): Promise<Called> => {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  const out: string[] = []
  const complaints: string[] = []
  const terminal: Terminal = {
    write: (text) => void out.push(text),
    writeError: (text) => void complaints.push(text),
    colours: false,
    clock: () => 0,
    exitCode: 0,
  }
  await runProgram(
    args.map((each) => each.replaceAll('@', folder)),
    terminal,
    '1.2.3',
  )
  const plain = (texts: string[]) => texts.join('\n').replaceAll(`${folder}/`, '').replaceAll(folder, '.')
  return { code: terminal.exitCode, out: plain(out), complaints: plain(complaints) }
}

/** The objects of `--json`, a line each. */
export const objects = (out: string): Record<string, unknown>[] =>
  out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
