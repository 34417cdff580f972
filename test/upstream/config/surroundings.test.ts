/** `hapsim run` accepts exactly the configurations that HAProxy starts with, regardless of the addresses in them. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { runProgram } from '../../../src/cli/program.js'
import type { Terminal } from '../../../src/cli/terminal.js'
import { configuration } from '../../support/address-places.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { askHaproxy } from './compare.js'
import { describeUpstream } from '../support/upstream.js'

describeUpstream('hapsim run and haproxy -c agree on a configuration', () => {
  it('with addresses of all forms in all places', async () => {
    const file = join(temporaryFolder('surroundings'), 'x.cfg')
    await fc.assert(
      fc.asyncProperty(configuration, async (text) => {
        writeFileSync(file, text)
        const out: string[] = []
        const terminal: Terminal = {
          write: (line) => void out.push(line),
          writeError: (line) => void out.push(line),
          colours: false,
          clock: () => 0,
          exitCode: 0,
        }
        await runProgram(['run', file, '--for', '3s'], terminal, '1.2.3')
        // the messages are shown if the comparison fails
        const { failed, messages } = askHaproxy(text)
        expect({ failed: terminal.exitCode !== 0, out }, messages.join('\n')).toEqual({ failed, out })
      }),
      { numRuns: 60 },
    )
  })
})
