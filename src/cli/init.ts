/** `hapsim init [DIR]`: creates an example project. The implementation is imported on demand. */
import { Command } from 'commander'
import type { Terminal } from './terminal.js'

/** The `init` command. */
export const initCommand = (terminal: Terminal): Command =>
  new Command('init')
    .description(
      'create an example project: script, configuration, test, editor settings, and a CI workflow for this version of hapsim',
    )
    .argument('[directory]', 'target directory; created if missing', '.')
    .option('--force', 'overwrite existing files')
    .action(async (directory: string, { force }: { readonly force?: true }) => {
      const { writeProject } = await import('./init-files.js')
      for (const { name, action } of writeProject(directory, force === true)) terminal.write(`${action} ${name}`)
      const into = directory === '.' ? '' : `cd ${directory} && `
      terminal.write(`\nNext: ${into}hapsim test`)
      terminal.write('Run npm install to add this version of hapsim to the project, for editors and CI')
    })
