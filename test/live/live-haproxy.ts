/** A live process in a separate folder, with its output and its log kept line by line, as for the real HAProxy. */
import { rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { configurationReader, LiveRun } from '../../src/live/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { RealServer } from '../upstream/support/real-servers.js'

export const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

export class LiveHaproxy {
  readonly folder = temporaryFolder('live')
  readonly output: string[] = []
  /** `WARNING text`: less the brackets and the process number */
  readonly messages: string[] = []
  readonly complaints: string[] = []
  readonly run: LiveRun

  /** @param config `@DIR@` in it stands for the folder, in which `files` lie */
  constructor(config: string, files: Readonly<Record<string, string>> = {}) {
    const write = (name: string, content: string) => writeFileSync(join(this.folder, name), content)
    for (const [name, content] of Object.entries(files)) write(name, content)
    this.run = new LiveRun({
      config: configurationReader(
        [{ name: join(this.folder, 'haproxy.cfg'), text: config.replaceAll('@DIR@', this.folder) }],
        {
          environment: {},
        },
      ),
      environment: {},
      seed: 1,
      lua: '5.4',
      allow: { exec: false, write: false },
      streams: {
        stdout: { write: (bytes) => this.output.push(...lines(bytes)) > 0 },
        stderr: {
          write: (bytes) =>
            this.messages.push(...lines(bytes).map((line) => line.replace(/^\[(\w+)\] +\(\d+\) :/, '$1'))) > 0,
        },
      },
      warn: (text) => void this.complaints.push(text),
    })
  }

  static async start(config: string, files: Readonly<Record<string, string>> = {}): Promise<LiveHaproxy> {
    const live = new LiveHaproxy(config, files)
    await live.run.start()
    return live
  }

  /** The answer of the runtime API at `socket`, a path in the folder. */
  cli(command: string, socket = 'sock'): Promise<string> {
    return new Promise((resolve, reject) => {
      const connection = connect(join(this.folder, socket), () => connection.end(`${command}\n`))
      let answer = ''
      connection.setEncoding('utf8')
      connection.on('data', (data: string) => (answer += data))
      connection.on('end', () => resolve(answer))
      connection.on('error', reject)
    })
  }

  async until(condition: () => boolean, limit = 20_000): Promise<void> {
    for (const end = Date.now() + limit; !condition();) {
      if (Date.now() > end) throw new Error(`it did not happen:\n${[...this.messages, ...this.output].join('\n')}`)
      await sleep(5)
    }
  }

  /** Ends it and takes its folder away. */
  async stop(): Promise<void> {
    this.run.finish(0)
    await this.run.ended
    rmSync(this.folder, { recursive: true, force: true })
  }
}

const lines = (bytes: Uint8Array): string[] => Buffer.from(bytes).toString().replace(/\n$/, '').split('\n')

/** Starts a live process that is stopped at the end of the test. */
export const startLive = async (config: string, files: Readonly<Record<string, string>> = {}): Promise<LiveHaproxy> => {
  const live = await LiveHaproxy.start(config, files)
  onTestFinished(() => live.stop())
  return live
}

/** Starts a server that is stopped at the end of the test. @param serve handles its connections */
export const startServer = async (serve?: (socket: Socket) => void): Promise<RealServer> => {
  const server = await new RealServer(serve).up()
  onTestFinished(() => server.down())
  return server
}
