/** `hapsim explore FILE.vtc`, `hapsim replay` of what it has found, and `hapsim vtc --explore`. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { build, root } from '../support/build.js'
import { temporaryFolder } from '../support/temporary-folder.js'

beforeAll(build, 60_000)

/** Two requests, the second a millisecond after the first, which sets what the second reads. */
const RACE = `vtest "The second request finds what the first has set"
feature ignore_unknown_macro

haproxy h1 -conf {
  defaults
    mode http
    timeout connect 5s
    timeout client 5s
    timeout server 5s
  frontend fe
    bind "fd@\${fe}"
    http-request set-var(proc.count) int(7) if { path /first }
    http-request return status \${status} hdr count %[var(proc.count)]
} -start

client c1 -connect \${h1_fe_sock} {
  txreq -url /first
  rxresp
} -start

delay .001

client c2 -connect \${h1_fe_sock} {
  txreq -url /second
  rxresp
  expect resp.http.count == 7
} -run

client c1 -wait
`

describe('explored regression tests', () => {
  const folder = temporaryFolder('vtc')
  const race = join(folder, 'race.vtc')
  const skipped = join(folder, 'skipped.vtc')
  writeFileSync(race, RACE)
  writeFileSync(skipped, 'vtest "needs a shell"\nshell { true }\n')

  const hapsim = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'dist/cli/main.js'), ...args], {
      cwd: folder,
      encoding: 'utf8',
    })
    return { code: status, out: stdout, complaints: stderr }
  }
  const macros = ['-D', 'status=200']

  it('pass in the default order, and the order in which they fail is found and replayed', () => {
    expect(hapsim('vtc', 'race.vtc', ...macros).code).toBe(0)
    const { code, out } = hapsim('explore', 'race.vtc', ...macros)
    expect(code).toBe(1)
    expect(out).toContain('FAIL assertion: race.vtc:26: c2: EXPECT resp.http.count (<undef>) == "7" failed')
    const [, token = '', rest = ''] = /hapsim replay (\S+) (.*)$/m.exec(out) ?? []
    expect(rest).toBe("race.vtc -D 'status=200'")
    const again = hapsim('replay', token, 'race.vtc', ...macros)
    expect(again.code).toBe(1)
    expect(again.out).toContain('Failure: assertion: race.vtc:26: c2: EXPECT resp.http.count (<undef>) == "7" failed')
    expect(hapsim('replay', token, 'race.vtc', '-D', 'status=404').complaints).toBe(
      'hapsim: the token does not match race.vtc -D status=404: it was printed for another file or test\n',
    )
  })

  it('are run one after the other by hapsim vtc --explore', () => {
    const { code, out } = hapsim('vtc', '-k', '--explore', '200', '.', ...macros)
    expect(code).toBe(1)
    expect(out).toMatch(/^race\.vtc\n[^]*1 failure found\.\n\nskipped\.vtc\nSkipped: skipped\.vtc:2: /)
    expect(hapsim('vtc', '--explore', '5', 'skipped.vtc').code).toBe(77)
  })

  it.each([
    [
      ['explore', 'race.vtc', '--at', '1s=down a/b'],
      '--at is not possible with a .vtc file: a test describes its world',
    ],
    [['explore', 'race.vtc', 'other.cfg'], 'another file is not possible with a .vtc file: a test describes its world'],
    [['explore', 'none.vtc'], 'Cannot stat file "none.vtc": No such file or directory'],
    [
      ['vtc', '--explore', '5', '--live', 'race.vtc'],
      '--explore is not possible with --live: schedules exist in virtual time only',
    ],
  ])('reject %j', (args, message) => {
    expect(hapsim(...args)).toEqual({ code: 2, out: '', complaints: `hapsim: ${message}\n` })
  })
})
