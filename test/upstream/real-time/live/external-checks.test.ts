/** Commands that judge servers, in `hapsim-haproxy` and in the real `haproxy`: what they get, how they end, what is said. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { build } from '../../../support/build.js'
import { call, OURS, REAL } from '../../support/programs.js'
import { describeUpstream } from '../../support/upstream.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'

let folder = ''

beforeAll(() => {
  build()
  folder = temporaryFolder('external')
}, 60_000)

const JUDGE = `#!/bin/sh
echo "$HAPROXY_SERVER_NAME asked with $*"
env | sort > "$0.$HAPROXY_SERVER_NAME"
case $HAPROXY_SERVER_NAME in
  good) exit 0 ;;
  one) exit 1 ;;
  many) exit 77 ;;
  killed) kill -9 $$ ;;
  slow) exec sleep 3 ;;
esac
`

const configuration = (environment: string, path: string): string => `global
    insecure-fork-wanted
    external-check${environment}
    setenv COLOUR green
defaults
    mode tcp
    timeout connect 1s
    timeout client 1s
    timeout server 1s
    default-server check inter 2s fall 1 rise 1
backend b
    option external-check
    external-check command ${path}/judge
    external-check path /usr/bin:/bin
    server good 127.0.0.1:1
    server one 127.0.0.1:2 maxconn 9
    server many ::1:3
    server killed unix@/tmp/none
    server slow 127.0.0.1:4 inter 500ms
listen missing
    mode http
    bind unix@${path}/listen
    option external-check
    external-check command nosuchcommand
    external-check path /usr/bin:/bin
    server m 127.0.0.1:1
global
    stats socket unix@${path}/sock
`

/** Lines regardless of their order: commands run concurrently. The last one may have been cut off by the signal. */
const sorted = (text: string): readonly string[] =>
  text
    .replace(/kill \d+/g, 'kill PID')
    .replace(/\. \d+ active and .*/g, '')
    .trimEnd()
    .split('\n')
    .sort()

const play = async (program: string, environment: string) => {
  const path = mkdtempSync(join(folder, 'play-'))
  writeFileSync(join(path, 'judge'), JUDGE)
  chmodSync(join(path, 'judge'), 0o755)
  writeFileSync(join(path, 'haproxy.cfg'), configuration(environment, path))
  const { code, signal, out, err } = await call(program, ['-db', '-f', 'haproxy.cfg'], {
    cwd: path,
    env: { OUTSIDE: 'seen' },
    signals: [{ when: (output) => output.includes('Server b/slow is DOWN'), send: 'SIGTERM' }],
  })
  const names = readdirSync(path).filter((name) => name.startsWith('judge.'))
  const environments = Object.fromEntries(
    names.map((name) => [
      name,
      readFileSync(join(path, name), 'utf8')
        .replaceAll(path, 'DIR')
        .replace(/3\.2\.26-\d+/, '3.2.26')
        .split('\n')
        .filter(isOfInterest),
    ]),
  )
  return { code, signal, out: sorted(out), err: sorted(err), environments }
}

/** Of a preserved environment only what this test and the processes themselves have set. */
const isOfInterest = (line: string): boolean => /^(HAPROXY_|PATH=|COLOUR=|OUTSIDE=)/.test(line)

describeUpstream('external checks', () => {
  it.each([
    ['an environment of their own', ''],
    ["the process's environment", ' preserve-env'],
  ])('run concurrently, with %s', async (_, environment) => {
    const [theirs, ours] = await Promise.all([play(REAL, environment), play(OURS, environment)])
    expect(Object.keys(theirs.environments)).toHaveLength(5)
    expect(theirs.err.filter((line) => line.includes('is DOWN'))).toHaveLength(5)
    expect(ours).toEqual(theirs)
  })

  it('fail if the path of the command contains a file', async () => {
    const text =
      'global\n external-check\n insecure-fork-wanted\ndefaults\n timeout connect 1s\n timeout server 1s\n timeout client 1s\n' +
      'listen l\n bind unix@listen\n option external-check\n external-check command /etc/passwd/judge\n' +
      ' server s 127.0.0.1:1 check inter 2s fall 1\n'
    const play = async (program: string) => {
      const cwd = mkdtempSync(join(folder, 'file-'))
      writeFileSync(join(cwd, 'haproxy.cfg'), text)
      const signals = [{ when: (output: string) => output.includes('no server available'), send: 'SIGTERM' as const }]
      const { code, signal, err } = await call(program, ['-db', '-f', 'haproxy.cfg'], { cwd, signals })
      return { code, signal, err: sorted(err.replace(/duration: \d+ms/g, '')) }
    }
    const [theirs, ours] = await Promise.all([play(REAL), play(OURS)])
    expect(theirs.err.join()).toContain('Not a directory')
    expect(ours).toEqual(theirs)
  })
})
