/** Checks a configuration with the real `haproxy -c`, and in this process with what `hapsim-haproxy -c` runs. */
import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeText, fromByteString } from '../../../src/bytes/text.js'
import { parseCommandLine } from '../../../src/cli/haproxy/arguments.js'
import { CHECK_EXIT_CODES } from '../../../src/cli/haproxy/check.js'
import { configurationReader, LiveRun, StderrConsole } from '../../../src/live/index.js'
import { upstream } from '../support/upstream.js'
import type { LinterCase } from './corpus.js'

/** The result of a check. */
export interface CheckResult {
  readonly code: number | null
  /** alerts and warnings as `alert: text`, further lines included */
  readonly messages: readonly string[]
}

/** What configurations are checked with. */
export interface CheckSettings {
  /** the copy of HAProxy's source */
  readonly root: string
  /** the name of the configuration file in the folder of the case */
  readonly file: string
  /** an open listening socket, which `fd@${NAME}` in the configurations refers to */
  readonly descriptor: number
}

const LIMIT_MS = 20_000

/** The variables of both processes. Varnishtest sets one with the descriptor of each `fd@${NAME}`. */
const variables = ({ text }: LinterCase, descriptor: number): Record<string, string> => ({
  PATH: process.env.PATH!,
  HOME: process.env.HOME!,
  ...Object.fromEntries([...text.matchAll(/fd@\$\{?(\w+)/g)].map(([, name]) => [name!, String(descriptor)])),
})

/** The result of the real HAProxy. */
export const checkReal = (each: LinterCase, { root, file, descriptor }: CheckSettings): Promise<CheckResult> =>
  new Promise((resolve) => {
    const cwd = join(root, each.folder)
    writeFileSync(join(cwd, file), encodeText(each.text))
    const child = spawn(upstream('haproxy'), [...each.flags, '-c', '-f', file], {
      cwd,
      env: variables(each, descriptor),
      stdio: ['ignore', 'ignore', 'pipe', ...Array<'ignore'>(Math.max(0, descriptor - 3)).fill('ignore'), descriptor],
    })
    const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS)
    let output = ''
    child.stderr!.setEncoding('latin1').on('data', (text: string) => (output += text))
    child.on('close', (code) => {
      clearTimeout(limit)
      rmSync(join(cwd, file))
      resolve({ code, messages: splitMessages(output) })
    })
  })

/** The result of hapsim. Changes the current directory. */
export const checkOurs = (each: LinterCase, { root, file, descriptor }: CheckSettings): CheckResult => {
  process.chdir(join(root, each.folder))
  const args = parseCommandLine([...each.flags, '-c', '-f', file])
  if ('code' in args) throw new Error(`bad flags of ${each.name}`)
  const environment = variables(each, descriptor)
  let output = ''
  const stderr = { write: (bytes: Uint8Array) => (output += Buffer.from(bytes).toString('latin1')) !== '' }
  const run = new LiveRun({
    config: configurationReader([{ name: file, text: each.text }], { ...args, checkOnly: true, environment }),
    environment,
    seed: 1,
    lua: '5.4',
    allow: { exec: true, write: 'anywhere' },
    streams: { stdout: { write: () => true }, stderr },
    operator: new StderrConsole({ stderr, pid: 1 }),
    warn: () => undefined,
  })
  const { result } = run.check()
  return { code: CHECK_EXIT_CODES[result], messages: splitMessages(output) }
}

const TAG = /^\[(ALERT|WARNING|NOTICE|DIAG)\] +\(\d+\) : /

/** Splits the output into messages, without notices. */
const splitMessages = (output: string): string[] => {
  const messages: string[] = []
  let skipped = true
  for (const line of fromByteString(output).split('\n')) {
    const tag = TAG.exec(line)
    if (tag) {
      skipped = tag[1] === 'NOTICE' || tag[1] === 'DIAG'
      if (!skipped) messages.push(`${tag[1]!.toLowerCase()}: ${line.slice(tag[0].length)}`)
    } else if (!skipped) messages[messages.length - 1] += `\n${line}`
  }
  return messages.map((each) => each.trimEnd())
}
