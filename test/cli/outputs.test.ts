/** A command's output is closed or full: the command exits with a message, or keeps running where it serves clients. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { closeSync, existsSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { build, root } from '../support/build.js'
import { temporaryFolder } from '../support/temporary-folder.js'

beforeAll(build, 60_000)

const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
})

const isThere = existsSync('/dev/full')

/** Calls a shell with `hapsim` in it, as a person would. */
const shell = (command: string) => {
  const defined = `hapsim() { '${process.execPath}' dist/cli/main.js "$@"; }; ${command}`
  const { status, stdout, stderr } = spawnSync('/bin/bash', ['-c', defined], {
    cwd: root,
    encoding: 'utf8',
    timeout: 30_000,
  })
  return { status, stdout, stderr }
}

describe('a simulation', () => {
  it.skipIf(!isThere).each(['run lua/mailers.lua', 'run lua/mailers.lua --json', 'check --help', '--version'])(
    'reports that there is no space for its output (%s)',
    (call) => {
      expect(shell(`hapsim ${call} >/dev/full`)).toEqual({
        status: 1,
        stdout: '',
        stderr: 'hapsim: cannot write to standard output: No space left on device\n',
      })
    },
  )

  it('ends silently when its reader has gone', () => {
    expect(shell('set -o pipefail; hapsim run lua/mailers.lua --for 1h | true')).toMatchObject({
      status: 0,
      stderr: '',
    })
  })

  it.skipIf(!isThere)('keeps its exit code if errors cannot be written', () => {
    expect(shell('hapsim run no-such-file.lua 2>/dev/full').status).toBe(2)
  })
})

describe('a live process', () => {
  /** Its exit code after a soft stop, once it has served. */
  const serve = async (stdout: string, stderr: string): Promise<number | null> => {
    const folder = temporaryFolder('outputs')
    const file = join(folder, 'haproxy.cfg')
    writeFileSync(
      file,
      `global
    log stdout format raw local0
    stats socket ${folder}/sock level admin
defaults
    mode tcp
    log global
    timeout connect 1s
    timeout server 1s
backend be1
    server s1 127.0.0.1:1 check inter 50ms
`,
    )
    const outputs = [stdout, stderr].map((path) => openSync(path, 'w'))
    const child = spawn(process.execPath, ['dist/cli/main.js', 'run', file, '--live'], {
      cwd: root,
      stdio: ['ignore', ...outputs],
    })
    children.push(child)
    outputs.forEach((fd) => closeSync(fd))
    const status = `echo "show stat" | socat unix-connect:${folder}/sock stdio | grep -q '^be1,s1,.*DOWN'`
    for (const end = Date.now() + 20_000; Date.now() < end && spawnSync('/bin/sh', ['-c', status]).status !== 0;) {
      if (child.exitCode !== null) break
      await new Promise((done) => setTimeout(done, 50))
    }
    child.kill('SIGUSR1')
    return child.exitCode ?? new Promise((resolve) => child.once('exit', (code) => resolve(code)))
  }

  it.skipIf(!isThere).each([
    ['/dev/full', '/dev/null'],
    ['/dev/null', '/dev/full'],
    ['/dev/full', '/dev/full'],
  ])('continues to serve with its outputs at %s and %s', async (stdout, stderr) => {
    expect(await serve(stdout, stderr)).toBe(0)
  })

  it('continues when the reader of a pipe has gone, until the end of its run', () => {
    const folder = temporaryFolder('outputs')
    const file = join(folder, 'haproxy.cfg')
    writeFileSync(
      file,
      `global\n    log stdout format raw local0\n    stats socket ${folder}/sock\nbackend be1\n    log global\n    server s 127.0.0.1:1 check inter 50ms\n`,
    )
    const { status, stdout } = shell(
      `(hapsim run ${file} --live --for 700ms 2>/dev/null; echo $? >${folder}/code) | true; cat ${folder}/code`,
    )
    expect({ status, stdout }).toEqual({ status: 0, stdout: '0\n' })
  })
})
