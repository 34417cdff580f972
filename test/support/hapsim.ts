/** Runs the command `hapsim` within the process of the test; command.ts runs the one in dist/. */
import { runProgram } from '../../src/cli/program.js'
import type { Terminal } from '../../src/cli/terminal.js'
import { writeFiles, type Files } from './files.js'
import { temporaryFolder } from './temporary-folder.js'

/** A terminal that collects what is written to it. */
export const recordingTerminal = () => {
  const out: string[] = []
  const complaints: string[] = []
  const terminal: Terminal = {
    write: (text) => void out.push(text),
    writeError: (text) => void complaints.push(text),
    colours: false,
    clock: () => 0,
    exitCode: 0,
  }
  return { terminal, out, complaints }
}

/** Runs a command; `lines` are the texts written to standard output one by one, `complaints` those written to standard error. */
export const runHapsim = async (...args: readonly string[]) => {
  const { terminal, out, complaints } = recordingTerminal()
  await runProgram(args, terminal, '1.2.3')
  return { code: terminal.exitCode, lines: out, out: out.join('\n'), complaints: complaints.join('\n') }
}

/** Writes `files` to a folder, by default a new one, and runs a command. `@` in arguments is the folder; paths in the output are relative to it. */
export const hapsim = async (args: readonly string[], files: Files = {}, folder = temporaryFolder('cli')) => {
  writeFiles(folder, files)
  const { code, out, complaints } = await runHapsim(...args.map((each) => each.replaceAll('@', folder)))
  const relative = (text: string) => text.replaceAll(`${folder}/`, '').replaceAll(folder, '.')
  return { code, out: relative(out), complaints: relative(complaints) }
}

/** Parses the output of `--json`, one object per line. */
export const objects = (out: string): Record<string, unknown>[] =>
  out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
