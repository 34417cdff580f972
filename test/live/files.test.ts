/** Files of a live process: the host's own, devices and pipes among them; what would block for ever is given up. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { READ, type FileAccess } from '../../src/haproxy/files.js'
import { LayeredFiles } from '../../src/sim/files.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder: string
let waited: string[]

beforeEach(() => {
  folder = temporaryFolder('live-files')
  waited = []
})

afterEach(() => rmSync(folder, { recursive: true }))

const WRITE: FileAccess = { read: false, write: true, create: true, truncate: true }

const files = (writes: 'none' | 'in directory' | 'anywhere' = 'none'): LayeredFiles =>
  new LayeredFiles({}, { directory: folder, writes, live: { waited: (text) => waited.push(text) } })

const opened = (path: string, access = READ, writes?: 'anywhere') => {
  const descriptor = files(writes).open(path, access)
  if (typeof descriptor === 'string') throw new Error(descriptor)
  return descriptor
}

const text = (bytes: unknown): string => (bytes instanceof Uint8Array ? Buffer.from(bytes).toString() : String(bytes))

describe('a live process', () => {
  it('reads from a device as much as requested', () => {
    const random = opened('/dev/urandom')
    expect(random.kind).toBe('device')
    expect(random.read(16)).toHaveLength(16)
    random.close()
  })

  it('reads /proc, whose files have size 0', () => {
    const status = opened('/proc/self/status')
    expect(text(status.read(4096))).toMatch(/^Name:/)
    status.close()
  })

  it('waits for the writer of a named pipe, and reads to its end', () => {
    spawnSync('mkfifo', [join(folder, 'pipe')])
    spawn('sh', ['-c', 'sleep 0.3; printf hello > pipe'], { cwd: folder, stdio: 'ignore' })
    const pipe = opened('pipe')
    expect(text(pipe.read(3))).toBe('hel')
    expect(text(pipe.read(100))).toBe('lo')
    expect(pipe.read(100)).toHaveLength(0)
    expect(pipe.seek('cur', 0)).toBe('ESPIPE')
    pipe.close()
    expect(waited).toEqual([])
  })

  it('gives up a named pipe without a writer, with a message', () => {
    spawnSync('mkfifo', [join(folder, 'pipe')])
    expect(files().open('pipe', READ)).toBe('EAGAIN')
    expect(waited).toEqual(["opening 'pipe': no writer for 5 s, giving up; HAProxy would block here"])
  }, 20_000)

  it('gives up a named pipe without a reader', () => {
    spawnSync('mkfifo', [join(folder, 'pipe')])
    expect(files('anywhere').open('pipe', { read: false, write: true })).toBe('ENXIO')
    expect(waited.join()).toContain("opening 'pipe' for writing: no reader for 5 s")
  }, 20_000)

  it('reads an endless source up to a limit', () => {
    const bytes = files().read('/dev/zero')
    expect(bytes).toBeInstanceOf(Uint8Array)
    expect(bytes.length).toBe(1024 * 1024)
  })

  it('changes files only under its directory, or anywhere, according to its permissions', () => {
    const other = temporaryFolder('other')
    try {
      const path = join(other, 'new')
      expect(files('none').open(path, WRITE)).toBe('WRITE_REFUSED')
      expect(files('in directory').open(path, WRITE)).toBe('EACCES')
      expect(existsSync(path)).toBe(false)
      const file = opened(path, WRITE, 'anywhere')
      expect(file.write(Buffer.from('abc'))).toBe(3)
      file.close()
      expect(readFileSync(path, 'utf8')).toBe('abc')
      expect(files('anywhere').rename(path, join(other, 'moved'))).toBeUndefined()
      expect(files('anywhere').remove(join(other, 'moved'))).toBeUndefined()
      expect(files('anywhere').remove(join(other, 'moved'))).toBe('ENOENT')
    } finally {
      rmSync(other, { recursive: true })
    }
  })

  it('writes far beyond the end of a file', () => {
    writeFileSync(join(folder, 'hole'), '')
    const file = opened('hole', { read: true, write: true }, 'anywhere')
    expect(file.seek('set', 2 ** 35)).toBe(2 ** 35)
    expect(file.write(Buffer.from('x'))).toBe(1)
    expect(file.size).toBe(2 ** 35 + 1)
    file.close()
  })
})
