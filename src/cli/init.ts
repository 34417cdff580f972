/** `hapsim init [DIR]`: a folder to begin with. What does the work is loaded when it is called. */
import { Command } from 'commander'
import type { Terminal } from './terminal.js'

export const initCommand = (terminal: Terminal): Command =>
  new Command('init')
    .description(
      'write an example script, its configuration, its test, settings of the editor, and a CI workflow with this version of hapsim',
    )
    .argument('[directory]', 'where to; made when it is not there', '.')
    .option('--force', 'write over files that are there')
    .action(async (directory: string, { force }: { readonly force?: true }) => {
      const { writeProject } = await import('./init-files.js')
      for (const { name, done } of writeProject(directory, force === true)) terminal.write(`${done} ${name}`)
      const into = directory === '.' ? '' : `cd ${directory} && `
      terminal.write(`\nNow: ${into}hapsim test`)
      terminal.write('npm install puts this version of hapsim into the project, for its editors and its workflow')
    })
