/** The real `haproxy` and `hapsim-haproxy` as it is shipped, called alike. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from '../../support/build.js'
import { upstream } from './upstream.js'

export const REAL = upstream('haproxy')
export const OURS = join(root, 'dist/cli/haproxy/main.js')

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly err: string
}

export interface CallOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** sent once `when` holds for what it has said, or it serves */
  readonly signals?: readonly { readonly when: (output: string) => boolean; readonly send: NodeJS.Signals }[]
  /** put before the command: `setpriv …` */
  readonly before?: readonly string[]
}

const LIMIT_MS = 45_000

/** Calls a program and waits until it has ended; one that takes too long is killed. */
export const call = (program: string, args: readonly string[], options: CallOptions): Promise<Ended> =>
  new Promise((resolve) => {
    const [command, ...rest] = [...(options.before ?? []), program, ...args]
    const child = spawn(command!, rest, { cwd: options.cwd, env: { ...process.env, TZ: 'UTC', ...options.env } })
    const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS)
    const signals = [...(options.signals ?? [])]
    let out = ''
    let err = ''
    const look = (): void => {
      while (signals[0]?.when(out + err)) child.kill(signals.shift()!.send)
    }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      look()
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
      look()
    })
    child.on('close', (code, signal) => {
      clearTimeout(limit)
      resolve({ code, signal, out: normal(out), err: normal(err) })
    })
  })

/** Less process numbers, durations, the package's suffix of the version, and where the program lies. */
const normal = (text: string): string =>
  text
    .replace(/^(\[\w+\] +)\(\d+\)/gm, '$1(N)')
    .replace(/path to executable is .*/g, 'path to executable is PATH')
    .replace(/\[\S*haproxy\.main\(\)\]/g, '[haproxy.main()]')
    .replace(/version is (\d+\.\d+\.\d+)-\d+/g, 'version is $1')
    .replace(/duration: \d+ms/g, 'duration: Nms')
    .replace(/^hapsim: .*\n/gm, '')
