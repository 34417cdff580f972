import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXAMPLES } from '../../src/cli/examples.js'
import { Simulation } from '../../src/index.js'
import '../../src/vitest/index.js'
import { describeUpstream, upstream } from '../upstream/support/upstream.js'
import { runHapsim as hapsim } from '../support/hapsim.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const FILES = [
  '.luarc.json',
  'haproxy.cfg',
  'downtime.lua',
  'downtime_test.lua',
  '.github/workflows/test.yml',
  'package.json',
  '.gitignore',
]

const KINDS = Object.keys(EXAMPLES)

const emptyFolder = (): string => temporaryFolder('init')

const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8')

describe('hapsim init', () => {
  it('creates a project in a new directory, and prints the next step', async () => {
    const folder = join(emptyFolder(), 'a/demo')
    const { code, out, complaints } = await hapsim('init', folder)
    expect({ code, complaints }).toEqual({ code: 0, complaints: '' })
    for (const name of FILES) {
      expect(existsSync(join(folder, name))).toBe(true)
      expect(out).toContain(`wrote ${name}`)
    }
    expect(out).toContain(`cd ${folder} && hapsim test`)
  })

  it('.luarc.json contains the definitions of an enclosing package, by a relative path', async () => {
    const folder = emptyFolder()
    mkdirSync(join(folder, 'node_modules/hapsim/lua/types'), { recursive: true })
    await hapsim('init', join(folder, 'scripts/lua'))
    expect(JSON.parse(read(folder, 'scripts/lua/.luarc.json'))).toMatchObject({
      'workspace.library': ['../../node_modules/hapsim/lua/types'],
    })
  })

  it('.luarc.json contains the future path of the definitions if there is no package', async () => {
    const folder = emptyFolder()
    await hapsim('init', folder)
    expect(JSON.parse(read(folder, '.luarc.json'))).toMatchObject({
      'workspace.library': ['node_modules/hapsim/lua/types'],
    })
  })

  it('has this version as a development dependency, which the workflow installs and runs', async () => {
    const folder = emptyFolder()
    await hapsim('init', folder)
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    expect(JSON.parse(read(folder, 'package.json'))).toMatchObject({ devDependencies: { hapsim: version } })
    const commands = [...read(folder, '.github/workflows/test.yml').matchAll(/run: (.*)$/gm)].map(([, run]) => run)
    expect(commands).toEqual(['npm install --no-audit --no-fund', 'npx --no -- hapsim test'])
    expect(read(folder, '.gitignore')).toBe('node_modules/\ncoverage/\n')
  })

  it('extends existing package.json and .gitignore files without other changes', async () => {
    const folder = emptyFolder()
    writeFileSync(join(folder, 'package.json'), '{\n    "name": "mine",\n    "devDependencies": { "x": "1" }\n}\n')
    writeFileSync(join(folder, '.gitignore'), '*.log\n/coverage')
    const { code, out } = await hapsim('init', folder)
    expect(code).toBe(0)
    expect(out).toMatch(/^changed package\.json$/m)
    expect(out).toMatch(/^changed \.gitignore$/m)
    const text = read(folder, 'package.json')
    expect(text.startsWith('{\n    "name": "mine",\n')).toBe(true)
    expect(JSON.parse(text)).toEqual({
      name: 'mine',
      devDependencies: { x: '1', hapsim: expect.stringMatching(/^\d+\.\d+\.\d+/) as string },
    })
    expect(read(folder, '.gitignore')).toBe('*.log\n/coverage\nnode_modules/\n')
    const again = await hapsim('init', folder, '--force')
    expect(again.out).not.toMatch(/package\.json|gitignore/)
    expect(read(folder, 'package.json')).toBe(text)
  })

  it('writes nothing if package.json is invalid', async () => {
    const folder = emptyFolder()
    writeFileSync(join(folder, 'package.json'), '[')
    const { code, complaints } = await hapsim('init', folder)
    expect([code, complaints]).toEqual([
      2,
      'hapsim: package.json is not a JSON object: cannot add hapsim to its devDependencies',
    ])
    expect(readdirSync(folder)).toEqual(['package.json'])
  })

  it("refers to the project's own copy if there is one", async () => {
    const folder = emptyFolder()
    mkdirSync(join(folder, 'node_modules/hapsim/lua/types'), { recursive: true })
    await hapsim('init', folder)
    expect(JSON.parse(read(folder, '.luarc.json'))).toMatchObject({
      'workspace.library': ['node_modules/hapsim/lua/types'],
    })
  })

  it('writes nothing if a file would be overwritten, names it, and exits with 2', async () => {
    const folder = emptyFolder()
    writeFileSync(join(folder, 'haproxy.cfg'), 'mine')
    writeFileSync(join(folder, 'downtime.lua'), 'mine, too')
    const { code, complaints } = await hapsim('init', folder)
    expect(code).toBe(2)
    expect(complaints).toBe('hapsim: these files already exist: downtime.lua, haproxy.cfg (use --force to overwrite)')
    expect(readdirSync(folder).sort()).toEqual(['downtime.lua', 'haproxy.cfg'])
    expect(read(folder, 'haproxy.cfg')).toBe('mine')
  })

  it('--force overwrites existing files', async () => {
    const folder = emptyFolder()
    writeFileSync(join(folder, 'haproxy.cfg'), 'mine')
    expect((await hapsim('init', folder, '--force')).code).toBe(0)
    expect(read(folder, 'haproxy.cfg')).toContain('lua-load downtime.lua')
  })

  it('an invalid directory is a usage error', async () => {
    const file = join(emptyFolder(), 'file')
    writeFileSync(file, '')
    const { code, complaints } = await hapsim('init', file)
    expect(code).toBe(2)
    expect(complaints).toMatch(/^hapsim: cannot write .*file.*: file already exists/)
  })
})

it('copied files are part of the package', () => {
  const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: string[] }
  expect(files).toEqual(expect.arrayContaining(['lua', 'templates']))
})

describe('the example', () => {
  it('events behaves as described', async () => {
    const folder = emptyFolder()
    await hapsim('init', folder)
    const sim = new Simulation()
    const [web1, web2] = [sim.http('192.0.2.11:80'), sim.http('192.0.2.12:80')]
    const haproxy = sim.haproxy({ config: { file: 'haproxy.cfg' }, directory: folder }).start()
    sim.advance('3s')
    expect(haproxy.messages.filter(({ severity }) => severity !== 'notice')).toEqual([])
    web1.refuse()
    sim.advance('10s')
    expect(haproxy).not.toHaveLogged('No server is left')
    web2.refuse()
    sim.advance('10s')
    expect(haproxy).toHaveLogged('No server is left in app', 'alert')
    web1.accept()
    sim.advance('10s')
    expect(haproxy).toHaveLogged('app/web1 was down for 20 s', 'notice')
    expect(haproxy).not.toHaveLuaErrors()
  })

  it.each(KINDS)('%s is valid, and its tests pass in place', async (kind) => {
    const folder = emptyFolder()
    await hapsim('init', folder, '--example', kind)
    const before = process.cwd()
    process.chdir(folder)
    try {
      const check = await hapsim('check', 'haproxy.cfg')
      expect(check).toMatchObject({ code: 0, complaints: '' })
      expect(check.out).toContain('hapsim emulates all of it.')
      const { code, out } = await hapsim('test')
      expect(out).toMatch(/\b[34] passed/)
      expect(code).toBe(0)
    } finally {
      process.chdir(before)
    }
  })

  it.each(KINDS)('%s logs no errors when it runs', async (kind) => {
    const folder = emptyFolder()
    await hapsim('init', folder, '--example', kind)
    const sim = new Simulation()
    sim.http('192.0.2.11:80')
    const haproxy = sim.haproxy({ config: { file: 'haproxy.cfg' }, directory: folder }).start()
    sim.client().get('http://127.0.0.1:8080/')
    expect(haproxy).not.toHaveLuaErrors()
    expect(haproxy.messages.filter(({ severity }) => severity === 'alert' || severity === 'warning')).toEqual([])
  })

  it('of another kind than there is is a usage error', async () => {
    const { code, complaints } = await hapsim('init', emptyFolder(), '--example', 'task')
    expect([code, complaints]).toEqual([2, expect.stringContaining('Allowed choices are events, action, fetch')])
  })
})

describeUpstream('the real HAProxy', () => {
  it.each(KINDS)('accepts the configuration and the script of the example %s', async (kind) => {
    const folder = emptyFolder()
    await hapsim('init', folder, '--example', kind)
    expect(() => execFileSync(upstream('haproxy'), ['-c', '-q', '-f', 'haproxy.cfg'], { cwd: folder })).not.toThrow()
  })
})
