/** `hapsim init [DIR]`: a folder to begin with. What does the work is loaded when it is called. */
import { Command } from 'commander'
import type { Terminal } from './terminal.js'

export const initCommand = (terminal: Terminal): Command =>
  new Command('init')
    .description('write an example script, its configuration, its test, settings of the editor and a CI workflow')
    .argument('[directory]', 'where to; made when it is not there', '.')
    .option('--force', 'write over files that are there')
    .action(async (directory: string, { force }: { readonly force?: true }) => {
      const { writeProject } = await import('./init-files.js')
      for (const file of writeProject(directory, force === true)) terminal.write(`wrote ${file}`)
      terminal.write(`\nNow: ${directory === '.' ? '' : `cd ${directory} && `}hapsim test`)
    })
