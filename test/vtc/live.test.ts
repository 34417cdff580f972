/** Regression tests run on real sockets with the same commands, and run programs there. */
import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { SECOND } from '../../src/engine/clock.js'
import { logLines, reportOf } from '../../src/vtc/index.js'
import { playLiveTest } from '../../src/vtc/live/play.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const play = async (commands: string, { program = 'false', seconds = 20 } = {}) => {
  const test = await playLiveTest({
    text: `vtest "t"\n${commands}`,
    file: 'a.vtc',
    folder: temporaryFolder('vtc'),
    duration: seconds * SECOND,
    program,
    environment: { PATH: process.env.PATH ?? '', GREETING: 'hello' },
  })
  return { test, ...reportOf(test) }
}

it('clients, servers and barriers', async () => {
  const { message } = await play(`
barrier b1 cond 2
server s1 -repeat 2 {
  rxreq
  expect req.http.host == 127.0.0.1
  txresp -bodylen 100000
} -start
server s2 { recv 3\n barrier b1 sync\n send "xyz" } -start
client c1 -connect \${s1_sock} -repeat 2 {
  txreq
  rxresp
  expect resp.bodylen == 100000
} -run
client c2 -connect \${s2_sock} { send "abc"\n barrier b1 sync\n recv 3\n expect_close } -run
server s1 -wait`)
  expect(message).toBe('')
})

it('syslog servers', async () => {
  const { message } = await play(`
syslog S1 -level notice { recv\n expect ~ "hello" } -start
process p1 "printf '<29>hello' >/dev/udp/\${S1_addr}/\${S1_port} || exit 1" -start
shell "bash -c 'printf \\"<29>hello\\" >/dev/udp/\${S1_addr}/\${S1_port}'"
syslog S1 -wait`)
  expect(message).toBe('')
})

it('programs with their exit codes and output', async () => {
  const { message } = await play(`
setenv OTHER "world"
shell -match "^hello world" { echo "$GREETING $OTHER" }
shell -exit 3 "exit 3"
shell -err "false"
filewrite \${tmpdir}/file "a" "b"
shell -expect ab "cat file"
process p1 "cat; exit 2" -expect-exit 2 -start -write "a" -close -wait
feature cmd "true" !dns`)
  expect(message).toBe('')
  expect(await play('shell { echo x; exit 1 }')).toMatchObject({
    result: 'failed',
    message: 'shell_exit not as expected: got 1 wanted 0',
  })
  expect(await play('feature cmd "false"')).toMatchObject({ result: 'skipped' })
})

it('a test that takes too long fails with what it waits for, and its programs end', async () => {
  const { message, test } = await play('process p1 "exec sleep 1000" -start\nprocess p1 -wait', { seconds: 0.5 })
  expect(message).toBe(
    'the test has not ended within its time limit (-t 0.5, seconds of real time)\ntop (a.vtc:3) waits for the end of p1',
  )
  const pid = Number(test.macros.expand('${p1_pid}'))
  expect(() => process.kill(pid, 0)).toThrow()
})

it('a program that cannot be started is a failure with its exit code', async () => {
  const { message, test } = await play(
    'feature ignore_unknown_macro\nhaproxy h1 -conf {\ndefaults\n} -start\ndelay 1\nhaproxy h1 -wait',
    { program: 'sh -c "echo [ALERT] no such thing; exit 4" --' },
  )
  expect(message).toBe('h1: Bad exit status: expected 0, got 4\n[ALERT] no such thing')
  expect(logLines(test).join('\n')).toContain('debug|[ALERT] no such thing')
  expect(existsSync(test.world.folder)).toBe(false)
})
