/** `hapsim init [DIR]`: creates an example project. The implementation is imported on demand. */
import { Command, Option } from 'commander'
import { EXAMPLES, type Example } from './examples.js'
import type { Terminal } from './terminal.js'

/** The `init` command. */
export const initCommand = (terminal: Terminal): Command =>
  new Command('init')
    .description(
      'create an example project: script, configuration, test, editor settings, and a CI workflow for this version of hapsim',
    )
    .argument('[directory]', 'target directory; created if missing', '.')
    .addOption(
      new Option('--example <kind>', 'what the script registers').choices(Object.keys(EXAMPLES)).default('events'),
    )
    .option('--force', 'overwrite existing files')
    .addHelpText('after', examplesHelp)
    .action(async (directory: string, { example, force }: { readonly example: Example; readonly force?: true }) => {
      const { writeProject } = await import('./init-files.js')
      for (const { name, action } of writeProject(directory, example, force === true))
        terminal.write(`${action} ${name}`)
      const into = directory === '.' ? '' : `cd ${directory} && `
      terminal.write(`\nNext: ${into}hapsim test`)
      const others = Object.keys(EXAMPLES).filter((each) => each !== example)
      terminal.write(`Other examples: --example ${others.join(', ')}`)
      terminal.write('Run npm install to add this version of hapsim to the project, for editors and CI')
    })

/** The examples and what they show. */
const examplesHelp = (): string => {
  const width = Math.max(...Object.keys(EXAMPLES).map(({ length }) => length))
  const lines = Object.entries(EXAMPLES).map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)
  return ['', 'Examples:', ...lines].join('\n')
}
