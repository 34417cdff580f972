import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { runHapsim } from '../support/hapsim.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder: string

beforeEach(() => {
  folder = temporaryFolder('check')
})

/** Calls `hapsim check`; `@` in arguments and files is a new folder. */
const check = async (args: readonly string[], files: Readonly<Record<string, string>> = {}) => {
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), content.replaceAll('@/', `${folder}/`))
  const { code, out, complaints } = await runHapsim('check', ...args.map((each) => each.replaceAll('@', folder)))
  const relative = (text: string) => text.replaceAll(`${folder}/`, '')
  return { code, out: relative(out), complaints: relative(complaints.replace(/\(\d+\)/g, '(PID)')) }
}

const TIMEOUTS = `defaults
    mode http
    timeout connect 1s
    timeout client 1s
    timeout server 1s
`

const LARGE = `global
    stats socket @/sock level admin
    chroot /var/empty
    tune.max-checks-per-thread 5
    log ring@lines local0
    stats-file @/stats
    httpclient.retries 2
${TIMEOUTS}
frontend web
    bind @/web.sock
    acl local hdr(x) 127.0.0.1
    http-request use-service prometheus-exporter if local
    http-request use-service prometheus-exporter if !local
    default_backend app
    http-request use-service prometheus-exporter
cache c
    total-max-size 4
backend app
    server one 127.0.0.1:80 check source 127.0.0.2 curves X25519
`

describe('hapsim check', () => {
  it('reports that HAProxy would start and that everything is emulated', async () => {
    expect(await check(['@/a.cfg'], { 'a.cfg': 'global\n    stats socket @/sock\n' })).toEqual({
      code: 0,
      out: 'Configuration file is valid\nhapsim emulates all of it.',
      complaints: '',
    })
  })

  it('reports why HAProxy would not start', async () => {
    const { code, out, complaints } = await check(['@/a.cfg'], { 'a.cfg': 'global\n    demon\n' })
    expect(code).toBe(1)
    expect(complaints).toContain(
      "[ALERT]    (PID) : config : parsing [a.cfg:2] : unknown keyword 'demon' in 'global' section; did you mean 'daemon' maybe ?",
    )
    expect(out).toBe('')
  })

  it('recognizes a configuration without a listener', async () => {
    const { code, out } = await check(['@/a.cfg'], {
      'a.cfg': 'backend b\n    timeout server 1s\n    timeout connect 1s\n',
    })
    expect(code).toBe(2)
    expect(out).toContain('Configuration file has no error but will not start (no listener) => exit(2).')
  })

  it('groups what is not emulated by its consequences, with lines', async () => {
    const { code, out, complaints } = await check(['@/a.cfg'], { 'a.cfg': LARGE, stats: '' })
    expect(code).toBe(0)
    expect(complaints).toBe('')
    const groups = out.split('\n\n').map((each) => each.split('\n'))
    const rows = (area: string) =>
      groups
        .find(([first]) => first!.startsWith(`${area}: `))!
        .filter((line) => /^ {2}\S.* lines? [\d, -]+$/.test(line))
        .map((line) => line.trim().replace(/ +/g, ' '))
    expect(rows('checks')).toEqual(["'tune.max-checks-per-thread' line 4", "'source' of 'server' line 24"])
    expect(rows('tls')).toEqual(["'curves' of 'server' line 24"])
    expect(rows('states')).toEqual(["'stats-file' line 6"])
    expect(rows('process')).toEqual(["'chroot' line 3"])
    expect(rows('traffic')).toEqual(["'http-request use-service' lines 17-18, 20", "section 'cache c' line 21"])
    expect(out).toContain('hapsim does not fully emulate 9 lines:')
  })

  it('names the file of each line if there are several files', async () => {
    const { out } = await check(['@/a.cfg', '@/b.cfg'], {
      'a.cfg': 'global\n    stats socket @/sock\n    chroot /\n',
      'b.cfg': `${TIMEOUTS}    option contstats\n`,
    })
    expect(out).toMatch(/'option contstats' +b\.cfg:6$/m)
    expect(out).toMatch(/'chroot' +a\.cfg:3$/m)
  })

  it('reads the files of a directory in the order of their names', async () => {
    mkdirSync(join(folder, 'd'))
    const { out, complaints } = await check(['@/d', '--json'], { 'd/2.cfg': 'nonsense\n', 'd/1.cfg': 'rubbish\n' })
    expect(complaints).toBe('')
    const files = out.split('\n').flatMap((line) => (JSON.parse(line) as { file?: string }).file ?? [])
    expect(files).toEqual(['d/1.cfg', 'd/2.cfg'])
  })

  it('prints JSON lines with --json', async () => {
    const { out, code } = await check(['@/a.cfg', '--json'], {
      'a.cfg': `global\n    stats socket @/sock\n    chroot /\nfrontend f\n    bind @/web.sock\n    compression algo gzip\n`,
    })
    const lines = out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines).toContainEqual({
      type: 'gap',
      area: 'traffic',
      what: "'compression'",
      meaning: expect.stringContaining('processed without it') as string,
      file: 'a.cfg',
      line: 6,
      text: 'compression algo gzip',
    })
    expect(lines.filter(({ type }) => type === 'message')).toMatchObject([{ level: 'warning' }])
    expect(lines.at(-1)).toEqual({
      type: 'end',
      result: 'valid',
      exitCode: 0,
      gaps: { traffic: 1, process: 1 },
      unread: 0,
    })
    expect(code).toBe(0)
  })

  it('finds no gap in functions that scripts register', async () => {
    const { out, code } = await check(['@/a.lua'], {
      'a.lua':
        'core.register_filter("hi", {}, print)\ncore.register_service("hi", "http", print)\ncore.register_cli({"a"}, "a", print)\nprint("read")\n',
    })
    expect(code).toBe(0)
    expect(out).toContain('read\n')
    expect(out).toMatch(/hapsim emulates all of it\.$/)
    expect(out).not.toContain('built-in')
  })

  it('reports the position of an error in a script', async () => {
    const { code, complaints } = await check(['@/a.lua'], { 'a.lua': 'x = = 1\n' })
    expect(code).toBe(1)
    expect(complaints).toContain("a.lua:1: unexpected symbol near '='")
  })

  it('passes variables of --env to scripts and files', async () => {
    const { out, code } = await check(['@/a.cfg', '--env', 'WHERE=@/sock', '--env', 'WHAT=it'], {
      'a.cfg':
        'global\n    stats socket "${WHERE}"\n    tune.lua.bool-sample-conversion normal\n    lua-load @/a.lua\n',
      'a.lua': 'print(os.getenv("WHAT"))\n',
    })
    expect(out).toMatch(/^it\n/)
    expect(code).toBe(0)
  })

  it.each([
    [
      'a file that is not there',
      ['@/none.cfg'],
      1,
      'Cannot open configuration file/directory none.cfg : No such file or directory',
    ],
    ['a script beside a configuration', ['@/a.cfg', '@/b.lua'], 2, 'b.lua is a script: give only scripts'],
    ['no file', [], 2, "missing required argument 'file'"],
    ['an unknown option', ['@/a.cfg', '--jason'], 2, "unknown option '--jason'\n(Did you mean --json?)"],
  ])('rejects %s', async (_, args, code, text) => {
    const found = await check(args)
    expect(found.code).toBe(code)
    expect(found.complaints).toContain(text)
  })
})
