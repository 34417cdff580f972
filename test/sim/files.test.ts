/** What files a simulated process may read and change, and what becomes of those that it may not. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Simulation, type HaproxyOptions } from '../../src/sim/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let root: string
let folder: string

beforeEach(() => {
  root = temporaryFolder('files')
  folder = join(root, 'inside')
  mkdirSync(folder)
  writeFileSync(join(root, 'secret'), 'untouched')
  mkdirSync(join(root, 'elsewhere'))
})

afterEach(() => rmSync(root, { recursive: true }))

const CONFIG = `global
    tune.lua.bool-sample-conversion normal
    lua-load x.lua
defaults
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend fe
    bind :80
`

/** Runs a script's body in the folder; returns what it printed, and the error that ended it if one did. */
const run = (script: string, options: Partial<HaproxyOptions> = {}, seed = 1): string[] => {
  const simulation = new Simulation({ seed })
  const haproxy = simulation.haproxy({
    config: CONFIG,
    directory: folder,
    ...options,
    files: { 'x.lua': script, ...options.files },
  })
  haproxy.process.start()
  haproxy.stop()
  const alerts = haproxy.messages.filter((each) => each.severity === 'alert').map((each) => each.text)
  return [...haproxy.output, ...alerts.filter((text) => text.includes('Lua'))]
}

const writing = (script: string): string[] => run(script, { allow: { write: true } })

describe('devices are simulated', () => {
  it('/dev/urandom derives from the seed, and only the requested bytes are drawn', () => {
    const script = `local f = io.open("/dev/urandom", "rb") print((f:read(16):gsub(".", function(c) return ("%02x"):format(c:byte()) end)))
      for _ = 1, 3 do print(#f:read(10)) end f:close()`
    const [first] = run(script)
    expect(first).toMatch(/^[0-9a-f]{32}$/)
    expect(run(script)).toEqual([first, '10', '10', '10'])
    expect(run(script, {}, 2)[0]).not.toBe(first)
  })

  it('through a link, too', () => {
    symlinkSync('/dev/zero', join(folder, 'zeros'))
    expect(run('print(io.open("zeros"):read(4) == "\\0\\0\\0\\0")')).toEqual(['true'])
  })

  it('without access to the disk, too', () =>
    expect(run('print(io.open("/dev/null"):read("a"), #io.open("/dev/random"):read(9))', { directory: false })).toEqual(
      ['\t9'],
    ))

  it('and can be written to without permission', () =>
    expect(
      run('print(io.open("/dev/null", "w"):write("x"):close(), io.open("/dev/full", "w"):write("x"):flush())'),
    ).toEqual(['true\tnil\tNo space left on device\t28']))

  it('standard output and error are the record of the run, standard input is empty', () =>
    expect(
      run(`for _, name in ipairs { "/dev/stdout", "/dev/stderr", "/dev/fd/1", "/proc/self/fd/2" } do
          local f = io.open(name, "w") f:write(name, "\\n") f:close()
        end
        print(#io.open("/dev/stdin"):read("a"))`),
    ).toEqual(['/dev/stdout', '/dev/stderr', '/dev/fd/1', '/proc/self/fd/2', '0']))

  it('there is no terminal', () =>
    expect(run('print(io.open("/dev/tty"))')).toEqual(['nil\t/dev/tty: No such device or address\t6']))

  it('reading an endless one to its end exhausts memory', () =>
    expect(run('print(pcall(function() return io.open("/dev/zero"):read("a") end))')).toEqual([
      'false\tnot enough memory',
    ]))

  it('loadfile and require terminate', () => {
    symlinkSync('/dev/zero', join(folder, 'endless.lua'))
    const printed = run('print((loadfile("/dev/zero"))) print((pcall(require, "endless")))')
    expect(printed).toEqual(['nil', 'false'])
  })

  it('HAProxy reads them: a map of /dev/null is empty', () =>
    expect(run('print(Map.new("/dev/null", Map._str):lookup("x"))')).toEqual(['nil']))
})

describe('files that belong to the host cannot be read', () => {
  it.each([
    '/proc/self/environ',
    '/proc/self/cmdline',
    '/proc/self/../self/environ',
    '/proc/1/status',
    '/proc/loadavg',
    '/sys/kernel/uevent_seqnum',
    '/dev/fd/3',
    '/proc/self/fd/3',
  ])('%s', (path) => {
    const [error] = run(`io.open("${path}")`)
    expect(error).toContain(`reading '${path}' is not permitted: it belongs to the host`)
  })

  it('through a link, too', () => {
    symlinkSync('/proc/self/environ', join(folder, 'harmless'))
    symlinkSync('/proc', join(folder, 'folder'))
    expect(run('io.open("harmless")')[0]).toContain("reading 'harmless' is not permitted")
    expect(run('io.lines("folder/self/environ")')[0]).toContain('is not permitted')
  })

  it('a named pipe without a writer', () => {
    spawnSync('mkfifo', [join(folder, 'pipe')])
    expect(run('io.open("pipe")')[0]).toContain("reading 'pipe' is not permitted")
    expect(run('print(loadfile("pipe"))')[0]).toContain('cannot open pipe: refused in a simulation')
    expect(run('print(package.searchpath("pipe", "./?"))')[0]).toBe("nil\tno file './pipe'")
  })

  it('a socket', async () => {
    const server = createServer()
    await new Promise<void>((done) => server.listen(join(folder, 'socket'), done))
    expect(run('io.open("socket")')[0]).toContain('is not permitted')
    await new Promise((done) => server.close(done))
  })

  it('but a file of that name can be passed to the simulation', () =>
    expect(
      run('print(io.open("/proc/loadavg"):read("n"))', { files: { '/proc/loadavg': '0.5 0.4 0.3 1/2 3\n' } }),
    ).toEqual(['0.5']))
})

describe('with --allow-write, nothing outside of the directory changes', () => {
  const outside = (): void => {
    expect(readFileSync(join(root, 'secret'), 'utf8')).toBe('untouched')
    expect(readdirSync(root).sort()).toEqual(['elsewhere', 'inside', 'secret'])
    expect(readdirSync(join(root, 'elsewhere'))).toEqual([])
  }

  it.each([
    ['a path with `..`', 'io.open("../secret", "w")'],
    ['a path with `..` in its middle', 'io.open("../inside/../new", "w")'],
    ['a full path', 'io.open("@/new", "w")'],
    ['a link to a file', 'io.open("link", "w")'],
    ['a link to a file, to append', 'io.open("link", "a")'],
    ['a link to a file, to change', 'io.open("link", "r+")'],
    ['a dangling link', 'io.open("dangling", "w")'],
    ['a dangling link, to append', 'io.open("dangling", "a+")'],
    ['a link to a link', 'io.open("twice", "w")'],
    ['a link to a folder', 'io.open("folder/new", "w")'],
    ['`..` after a link to a folder', 'io.open("deep/../new", "w")'],
    ['removing outside', 'os.remove("../secret")'],
    ['removing by a link to a folder', 'os.remove("up/secret")'],
    ['removing the folder itself', 'os.remove("../inside")'],
    ['renaming to the outside', 'os.rename("own", "../new")'],
    ['renaming from the outside', 'os.rename("../secret", "new")'],
    ['renaming by links to folders', 'os.rename("up/secret", "folder/new")'],
  ])('%s', (_, call) => {
    for (const [name, target] of [
      ['link', '../secret'],
      ['dangling', '../new'],
      ['twice', 'dangling'],
      ['folder', '../elsewhere'],
      ['up', '..'],
      ['deep', '../elsewhere'],
    ] as const)
      symlinkSync(target, join(folder, name))
    writeFileSync(join(folder, 'own'), 'own')
    const [result] = writing(`print(${call.replace('@', root)})`)
    expect(result).toMatch(/^nil\t.*Permission denied\t13$/)
    outside()
    expect(readFileSync(join(folder, 'own'), 'utf8')).toBe('own')
  })

  it('os.remove and os.rename apply to a link, not to its target', () => {
    symlinkSync('../secret', join(folder, 'link'))
    symlinkSync('../elsewhere', join(folder, 'folder'))
    expect(writing('print(os.rename("link", "other")) print(os.remove("other")) print(os.remove("folder"))')).toEqual([
      'true',
      'true',
      'true',
    ])
    outside()
    expect(readdirSync(folder)).toEqual([])
  })

  it('links within the directory are followed', () => {
    symlinkSync('made', join(folder, 'dangling'))
    symlinkSync(join(folder, 'full'), join(folder, 'absolute'))
    writing('io.open("dangling", "w"):write("one") io.open("absolute", "w"):write("two")')
    expect(readFileSync(join(folder, 'made'), 'utf8')).toBe('one')
    expect(readFileSync(join(folder, 'full'), 'utf8')).toBe('two')
  })

  it('the directory itself may be a link', () => {
    symlinkSync(folder, join(root, 'alias'))
    run('io.open("new", "w"):write("x")', { directory: join(root, 'alias'), allow: { write: true } })
    expect(readFileSync(join(folder, 'new'), 'utf8')).toBe('x')
    rmSync(join(root, 'alias'))
  })

  it('a named pipe is not written to', () => {
    spawnSync('mkfifo', [join(folder, 'pipe')])
    expect(writing('print(io.open("pipe", "w"))')).toEqual(['nil\tpipe: Permission denied\t13'])
  })

  it('without it, nothing changes', () => {
    writeFileSync(join(folder, 'own'), 'own')
    for (const call of ['io.open("own", "w")', 'io.open("new", "a")', 'os.remove("own")', 'os.rename("own", "new")'])
      expect(run(call)[0]).toContain('--allow-write')
    expect(readdirSync(folder)).toEqual(['own'])
  })
})

describe('large offsets', () => {
  it('on the disk, a file cannot exceed a limit', () => {
    const script = (at: number) =>
      `local f = io.open("far", "w") print(f:seek("set", ${at})) f:write("x") print(f:close())`
    expect(writing(script(2 ** 40))).toEqual([String(2 ** 40), 'nil\tFile too large\t27'])
    expect(statSync(join(folder, 'far')).size).toBe(0)
    expect(writing(script(1_000_000))).toEqual(['1000000', 'true'])
  })

  it('in memory, too', () =>
    expect(
      run('local f = io.tmpfile() print(f:seek("set", 1 << 33)) f:write("x") print(f:flush())', {
        allow: { write: true },
      }),
    ).toEqual([String(2 ** 33), 'nil\tFile too large\t27']))

  it('seeking beyond the end has no effect', () =>
    expect(writing('local f = io.open("far", "w") print(f:seek("set", math.maxinteger))')).toEqual([
      'nil\tInvalid argument\t22',
    ]))
})

describe('files in memory', () => {
  const options = { directory: false, allow: { write: true } } as const

  it('are changed there', () =>
    expect(
      run(
        `local f = io.open("given", "r+") print(f:read("a")) f:seek("set", 2) f:write("XY") f:close()
        print(io.open("given"):read("a")) print(os.rename("given", "moved"), io.open("given"))
        print(io.open("moved"):read("a"), os.remove("moved"), io.open("moved"))`,
        { ...options, files: { given: '123456' } },
      ),
    ).toEqual([
      '123456',
      '12XY56',
      'true\tnil\tgiven: No such file or directory\t2',
      '12XY56\ttrue\tnil\tmoved: No such file or directory\t2',
    ]))

  it('are not directories', () =>
    expect(
      run('print(io.open("given/x")) print(io.open("given/", "w"))', { ...options, files: { given: '' } }),
    ).toEqual(['nil\tgiven/x: Not a directory\t20', 'nil\tgiven/: Not a directory\t20']))

  it('are kept until they are closed after removal', () =>
    expect(
      run('local f = io.open("given", "r") os.remove("given") print(f:read("a"))', {
        ...options,
        files: { given: 'x' },
      }),
    ).toEqual(['x']))

  it('do not change the files passed to the simulation', () => {
    const given = new Uint8Array([65, 66])
    run('local f = io.open("given", "r+") f:write("z") f:close()', { ...options, files: { given } })
    expect([...given]).toEqual([65, 66])
  })
})

describe('files that scripts no longer reference', () => {
  it('are closed if there are many, and their output is written', () => {
    const simulation = new Simulation()
    const haproxy = simulation.haproxy({
      config: CONFIG,
      files: {
        'x.lua': `core.register_task(function()
          for i = 1, 300 do io.open("f" .. i, "w"):write(i) core.yield() end
          local kept = io.open("kept", "w") kept:write("x")
          while true do core.sleep(1) io.type(kept) end
        end)`,
      },
      directory: folder,
      allow: { write: true },
    })
    haproxy.start()
    simulation.advance('5s')
    const open = haproxy.lua.state(0).openFiles.size
    expect(open).toBeGreaterThan(0)
    expect(open).toBeLessThan(150)
    expect(readFileSync(join(folder, 'f1'), 'utf8')).toBe('1')
    expect(readFileSync(join(folder, 'kept'), 'utf8')).toBe('')
    simulation.closeFiles()
    expect(readFileSync(join(folder, 'f300'), 'utf8')).toBe('300')
    expect(readFileSync(join(folder, 'kept'), 'utf8')).toBe('x')
    expect(existsSync(join(folder, 'f301'))).toBe(false)
  })
})
