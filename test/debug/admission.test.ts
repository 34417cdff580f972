/** The debugger's port, and those who are no editors: pages that a browser shows can send requests to it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { isEditor } from '../../src/debug/admission.js'
import { build, root } from '../support/build.js'
import { temporaryFolder } from '../support/temporary-folder.js'

describe('a connection is', () => {
  it.each([
    'Content-Length: 119\r\n\r\n{',
    'content-length:7\r\n\r\n',
    'Content-Length: 7\r\nContent-Type: application/json\r\n\r\n{',
  ])("accepted as an editor's if it begins with %j", (start) => expect(isEditor(start)).toBe(true))

  it.each([
    'POST / HTTP/1.1\r\nContent-Length: 119\r\n\r\n{',
    'GET / HTTP/1.1\r\n',
    'G',
    'OPTIONS * HTTP/1.1\r\n\r\n',
    'Origin: http://page.example\r\nContent-Length: 119\r\n\r\n{',
    'Content-Length: 119\r\nOrigin: http://page.example\r\n\r\n{',
    'Content-Length: 119 HTTP/1.1\r\n\r\n{',
    'Content-Length: x\r\n\r\n{',
    '\x16\x03\x01',
    '\r\n\r\n',
    `Content-Length: ${'1'.repeat(2000)}`,
  ])('rejected if it begins with %j', (start) => expect(isEditor(start)).toBe(false))

  it('undecided before enough bytes have arrived', () => {
    const start = 'Content-Length: 119\r\nContent-Type: x\r\n\r\n'
    for (let length = 0; length < start.length; length++) expect(isEditor(start.slice(0, length))).toBe('more')
  })
})

describe('the port', () => {
  beforeAll(build, 60_000)

  let child: ChildProcess
  afterEach(() => child.kill())

  const start = async (): Promise<number> => {
    const folder = temporaryFolder('admission')
    writeFileSync(join(folder, 's.lua'), 'print("run")')
    child = spawn(process.execPath, [join(root, 'dist/cli/main.js'), 'run', 's.lua', '--inspect', '0'], { cwd: folder })
    return new Promise((resolve) => {
      child.stderr!.setEncoding('utf8').on('data', (text: string) => {
        const [, port] = /127\.0\.0\.1:(\d+)/.exec(text) ?? []
        if (port !== undefined) resolve(Number(port))
      })
    })
  }

  /** What comes back until the connection ends, or a message of an editor's begins. */
  const reported = (port: number, pieces: readonly string[]): Promise<string> =>
    new Promise((resolve) => {
      let heard = ''
      const socket = connect(port, '127.0.0.1', async () => {
        for (const piece of pieces) {
          socket.write(piece)
          await new Promise((done) => setTimeout(done, 20))
        }
      })
      socket.on('error', () => undefined)
      socket.setEncoding('utf8').on('data', (text: string) => {
        heard += text
        if (heard.startsWith('Content-Length')) socket.destroy()
      })
      socket.on('close', () => resolve(heard))
    })

  const initialize = JSON.stringify({ seq: 1, type: 'request', command: 'initialize', arguments: { adapterID: 'lua' } })

  it('ignores HTTP requests, and then accepts an editor', async () => {
    const port = await start()
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      body: initialize,
      headers: { origin: 'http://page.example' },
    })
    expect(response.status).toBe(403)
    expect(await response.text()).toMatch(/^This is a debugger/)
    const message = `Content-Length: ${initialize.length}\r\n\r\n${initialize}`
    expect(await reported(port, [`POST / HTTP/1.1\r\n${message}`])).toMatch(/^HTTP\/1.1 403 /)
    expect(await reported(port, [message.slice(0, 5), message.slice(5, 30), message.slice(30)])).toContain(
      '"initialize"',
    )
  })
})
