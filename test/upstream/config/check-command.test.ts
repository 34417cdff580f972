/** `hapsim check` and `haproxy -c -V` say the same of a configuration, and end with the same code. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { build, root } from '../../support/build.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { call, REAL } from '../support/programs.js'
import { describeUpstream } from '../support/upstream.js'

let folder = ''

const TIMEOUTS = '    timeout connect 1s\n    timeout client 1s\n    timeout server 1s\n'

const FILES: Readonly<Record<string, string>> = {
  'good.cfg': `listen a\n    bind unix@fe.sock\n${TIMEOUTS}    server s1 127.0.0.1:1 check\n`,
  'warned.cfg': 'listen a\n    bind unix@fe.sock\n    server s1 127.0.0.1:1\n',
  'unknown.cfg': `global\n    demon\nlisten a\n    bind unix@fe.sock\n${TIMEOUTS}    sever s1 127.0.0.1:1\n`,
  'unlistening.cfg': `backend a\n${TIMEOUTS}    server s1 127.0.0.1:1\n`,
  'unresolved.cfg': `listen a\n    bind unix@fe.sock\n${TIMEOUTS}    server s1 nosuch.invalid:1\n`,
  'uncertified.cfg': `listen a\n    bind unix@fe.sock\n${TIMEOUTS}    server s1 127.0.0.1:1 ssl ca-file none.pem\n`,
  'scripted.cfg':
    'global\n    stats socket unix@sock\n    tune.lua.bool-sample-conversion normal\n    lua-load fails.lua\n',
  'fails.lua': 'print("before")\nerror("on purpose")\n',
  'tracking.cfg': `listen a\n    bind unix@fe.sock\n${TIMEOUTS}    server s1 127.0.0.1:1 track b/none\n`,
  'empty.cfg': '',
  'cut.cfg': 'global\n    daemon',
}

beforeAll(() => {
  build()
  folder = temporaryFolder('check')
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text)
}, 60_000)

/** HAProxy says who it is before its first message; hapsim says in the end what it leaves out. */
const withoutIntroduction = (text: string): string =>
  text.replace(/^\[NOTICE\].* : (haproxy version|path to exec).*\n/gm, '')
const withoutGaps = (text: string): string =>
  text.replace(/^(\nhapsim does not fully emulate \d|hapsim emulates all of it)[^]*/m, '')

describeUpstream('hapsim check', () => {
  it.each([...Object.keys(FILES).filter((name) => name.endsWith('.cfg')), 'none.cfg', '.'])(
    'says of %s what HAProxy says',
    async (name) => {
      const theirs = await call(REAL, ['-c', '-V', '-f', name], { cwd: folder })
      const ours = await call(process.execPath, [join(root, 'dist/cli/main.js'), 'check', name], { cwd: folder })
      expect({ ...ours, out: withoutGaps(ours.out) }).toEqual({ ...theirs, err: withoutIntroduction(theirs.err) })
    },
  )
})
