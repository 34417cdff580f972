/** Runs the real HAProxy's check of a configuration and reads what it says. */
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { encodeText, fromByteString } from '../../../src/bytes/text.js'
import type { ConfigOptions } from '../../../src/config/index.js'
import { parseConfig } from '../../support/parse-config.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const UPSTREAM = process.env.HAPSIM_UPSTREAM ?? join(homedir(), '.cache', 'hapsim-upstream')
const BINARY = join(UPSTREAM, 'haproxy')

export const upstreamIsThere = existsSync(BINARY)

/** A message as HAProxy prints it: `warning: text`, with every further line of it. */
export type Message = string

const TAG = /^\[(ALERT|WARNING|NOTICE|DIAG)\] +\(\d+\) : /

/** What is reported of a configuration, notices aside, and whether it prevents startup. */
export interface Answer {
  readonly messages: readonly Message[]
  readonly failed: boolean
}

/** What hapsim says of `text` as a file `x.cfg`, without its own warnings. */
export const askHapsim = (text: string, options: ConfigOptions = {}): Answer => {
  const { diagnostics, failed } = parseConfig([{ name: 'x.cfg', text }], { checkOnly: true, ...options })
  const messages = diagnostics
    .filter((each) => !each.fromHapsim && each.severity !== 'notice' && each.severity !== 'diag')
    .map((each) => `${each.severity}: ${each.text}`.trimEnd())
  return { messages, failed }
}

/** What `haproxy -c` says of `text` as a file `x.cfg` beside `files`, notices aside, and whether it would start. */
export const askHaproxy = (text: string, files: Readonly<Record<string, string>> = {}): Answer => {
  const directory = temporaryFolder('config')
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), encodeText(content))
    writeFileSync(join(directory, 'x.cfg'), encodeText(text))
    const { stderr, status } = spawnSync(BINARY, ['-c', '-f', 'x.cfg'], {
      cwd: directory,
      encoding: 'latin1',
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
    })
    return { messages: splitMessages(fromByteString(stderr)), failed: status === 1 }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const splitMessages = (output: string): Message[] => {
  const messages: string[] = []
  let skipped = false
  // a message that a NUL cut short runs into the next one
  for (const text of output.replace(/(?<=.)(?=\[(?:ALERT|WARNING|NOTICE)\] +\(\d+\) :)/g, '\n').split('\n')) {
    const tag = TAG.exec(text)
    if (tag) {
      skipped = tag[1] === 'NOTICE'
      if (!skipped) messages.push(`${tag[1]!.toLowerCase()}: ${text.slice(tag[0].length)}`)
    } else if (!skipped && messages.length > 0 && !/^(?:Warnings were found\.|Configuration file )/.test(text))
      messages[messages.length - 1] += `\n${text}`
  }
  return messages.map((each) => each.trimEnd())
}
