/** The debugger as an editor meets it: the command as it is shipped, and the client of the protocol that Microsoft tests adapters with. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { DebugClient } from '@vscode/debugadapter-testsupport'
import type { DebugProtocol as Dap } from '@vscode/debugprotocol'
import { afterEach, describe, expect, it } from 'vitest'
import { folderWith } from '../support/files.js'

const program = join(import.meta.dirname, '../../dist/cli/main.js')

const started: ChildProcess[] = []
const clients: Editor[] = []
afterEach(() => {
  for (const client of clients.splice(0)) client.leave()
  for (const child of started.splice(0)) child.kill()
})

/** Starts hapsim in a folder, and gives the port where it waits. */
const start = async (folder: string, ...args: readonly string[]) => {
  const child = spawn(process.execPath, [program, ...args, '--inspect', '0'], { cwd: folder })
  started.push(child)
  let [out, errors] = ['', '']
  child.stdout.on('data', (data: Buffer) => (out += data.toString()))
  const end = new Promise<{ code: number | null; out: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, out })),
  )
  const port = await new Promise<number>((resolve, reject) => {
    child.stderr.on('data', (data: Buffer) => {
      errors += data.toString()
      const [, number] = /waiting for an editor at 127\.0\.0\.1:(\d+)/.exec(errors) ?? []
      if (number !== undefined) resolve(Number(number))
    })
    child.on('close', () => reject(new Error(`it ended: ${errors}${out}`)))
  })
  return { port, end }
}

class Editor extends DebugClient {
  constructor() {
    super('node', '', 'lua')
    this.defaultTimeout = 10_000
    clients.push(this)
  }

  /** Goes away without a word. */
  leave(): void {
    ;(this as unknown as { _socket: Socket | undefined })._socket?.destroy()
  }

  /** Connects, and sets breakpoints: lines, or more that is said of them. */
  async begin(
    port: number,
    file: string,
    breakpoints: readonly (number | Dap.SourceBreakpoint)[] = [],
    { filters = [], ...config }: { readonly filters?: string[]; readonly stopOnEntry?: boolean } = {},
  ): Promise<Dap.Breakpoint[]> {
    await this.start(port)
    // a run that is ended by a test takes its end of the line with it
    ;(this as unknown as { _socket: Socket })._socket.on('error', () => undefined)
    const initialized = this.waitForEvent('initialized')
    await this.initializeRequest()
    await this.attachRequest(config as Dap.AttachRequestArguments)
    await initialized
    const { body } = await this.setBreakpointsRequest({
      source: { path: file },
      breakpoints: breakpoints.map((each) => (typeof each === 'number' ? { line: each } : each)),
    })
    await this.setExceptionBreakpointsRequest({ filters })
    return body.breakpoints
  }

  /** Does something and waits until the run stops after it. */
  async until(action: () => Promise<unknown>) {
    const stopped = this.waitForEvent('stopped')
    await action()
    const { body } = (await stopped) as Dap.StoppedEvent
    const { stackFrames } = (await this.stackTraceRequest({ threadId: body.threadId! })).body
    return { ...body, threadId: body.threadId!, frame: stackFrames[0]!, line: stackFrames[0]!.line, stackFrames }
  }

  ready() {
    return this.until(() => this.configurationDoneRequest())
  }

  go(threadId: number) {
    return this.until(() => this.continueRequest({ threadId }))
  }

  async scope(frameId: number, name: string): Promise<Record<string, string>> {
    const { scopes } = (await this.scopesRequest({ frameId })).body
    const { variablesReference } = scopes.find((each) => each.name === name)!
    return this.list(variablesReference)
  }

  async list(variablesReference: number): Promise<Record<string, string>> {
    const { variables } = (await this.variablesRequest({ variablesReference })).body
    return Object.fromEntries(variables.map((each) => [each.name, each.value]))
  }
}

const SCRIPT = `local limit = 10
local function add(a, b)
  local sum = a + b

  return sum
end
core.register_task(function()
  local list = { 1, 2, deep = { key = "text" } }
  core.msleep(1500)
  for i = 1, 3 do
    list[i] = add(i, limit)
  end
  pcall(error, "caught")
  print("sum " .. list[1])
end)
`

const withScript = async (script = SCRIPT, ...args: readonly string[]) => {
  const folder = folderWith({ 's.lua': script })
  const run = await start(folder, 'run', 's.lua', '--for', '3s', ...args)
  return { ...run, file: join(folder, 's.lua'), folder, editor: new Editor() }
}

describe('breakpoints', () => {
  it('stop at their lines, with variables, while virtual time stands still', async () => {
    const { port, file, editor, end } = await withScript()
    const set = await editor.begin(port, file, [4])
    expect(set).toMatchObject([{ verified: true, line: 5 }])
    const stop = await editor.ready()
    expect(stop).toMatchObject({ reason: 'breakpoint', line: 5, allThreadsStopped: true })
    expect(stop.stackFrames.map(({ name, line }) => [name, line])).toEqual([
      ['add', 5],
      ['function at line 7', 11],
    ])
    expect(stop.frame.source?.path).toBe(file)
    expect(await editor.scope(stop.frame.id, 'Locals')).toEqual({ a: '1', b: '10', sum: '11' })
    expect(await editor.scope(stop.stackFrames[1]!.id, 'Locals')).toEqual({
      list: '{ 1, 2, deep = { key = "text" } }',
      i: '1',
    })
    expect(await editor.scope(stop.stackFrames[1]!.id, 'Upvalues')).toEqual({
      add: expect.stringMatching(/^function \(s\.lua:2\)$/),
      limit: '10',
    })
    expect(await editor.scope(stop.frame.id, 'Globals')).toHaveProperty('core')
    const before = await editor.scope(stop.frame.id, 'Simulation')
    expect(before).toMatchObject({ 'virtual time': '1.500000 s', task: 'Lua task s.lua:7', thread: '1' })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await editor.scope(stop.frame.id, 'Simulation')).toEqual(before)
    const { threads } = (await editor.threadsRequest()).body
    expect(threads).toContainEqual({ id: stop.threadId, name: expect.stringContaining('Lua task s.lua:7') as string })
    await editor.disconnectRequest()
    expect((await end).out).toContain('print   sum 11')
  })

  it('show contents of tables, and permit setting variables', async () => {
    const { port, file, editor, end } = await withScript()
    await editor.begin(port, file, [9])
    const { frame, threadId } = await editor.ready()
    const { scopes } = (await editor.scopesRequest({ frameId: frame.id })).body
    const { variables } = (await editor.variablesRequest({ variablesReference: scopes[0]!.variablesReference })).body
    const inner = variables.find(({ name }) => name === 'list')!.variablesReference
    expect(await editor.list(inner)).toEqual({ '[1]': '1', '[2]': '2', deep: '{ key = "text" }' })
    const set = await editor.setVariableRequest({
      variablesReference: scopes[1]!.variablesReference,
      name: 'limit',
      value: '50 * 2',
    })
    expect(set.body.value).toBe('100')
    await editor.continueRequest({ threadId })
    expect((await end).out).toContain('print   sum 101')
  })

  it('have conditions and hit counts, and can be log points', async () => {
    const { port, file, editor } = await withScript()
    await editor.begin(port, file, [
      { line: 3, condition: 'a == 2' },
      { line: 5, hitCondition: '3' },
      { line: 11, logMessage: 'round {i} of {#list}' },
    ])
    const written: string[] = []
    editor.on('output', ({ body }: Dap.OutputEvent) => body.category === 'console' && written.push(body.output))
    const first = await editor.ready()
    expect([first.line, (await editor.scope(first.frame.id, 'Locals')).a]).toEqual([3, '2'])
    const second = await editor.go(first.threadId)
    expect([second.line, (await editor.scope(second.frame.id, 'Locals')).a]).toEqual([5, '3'])
    expect(written).toEqual(['round 1 of 2\n', 'round 2 of 2\n', 'round 3 of 2\n'])
  })

  it('report why they cannot be set', async () => {
    const { port, folder, editor } = await withScript()
    expect(await editor.begin(port, join(folder, 'none.lua'), [1])).toMatchObject([
      { verified: false, message: 'cannot be read: ENOENT' },
    ])
    writeFileSync(join(folder, 'wrong.lua'), 'local = 1')
    const { body } = await editor.setBreakpointsRequest({
      source: { path: join(folder, 'wrong.lua') },
      breakpoints: [{ line: 1 }],
    })
    expect(body.breakpoints[0]).toMatchObject({
      verified: false,
      message: expect.stringContaining('<name> expected') as string,
    })
  })
})

describe('steps', () => {
  const lines = async (step: 'nextRequest' | 'stepInRequest', script: string, count: number): Promise<number[]> => {
    const { port, file, editor } = await withScript(script)
    await editor.begin(port, file, [], { stopOnEntry: true })
    const first = await editor.ready()
    const seen = [first.line]
    while (seen.length < count) seen.push((await editor.until(() => editor[step]({ threadId: first.threadId }))).line)
    return seen
  }

  const PROGRAM = `local function twice(n)
  local m = n * 2
  return m
end
local t = {}
for i = 1, 2 do
  t[i] = twice(i)
end
while #t > 1 do
  t[#t] = nil
end
local co = coroutine.wrap(function()
  local x = 1
  coroutine.yield(x)
  x = 2
end)
co()
co()
if t[1] == 2 then
  t = nil
end
`

  /** The lines that the hook of the real Lua is called with. */
  const real = (): number[] => {
    const folder = folderWith({ 'p.lua': PROGRAM })
    const hook = `local wrap = coroutine.wrap
      local function hook(_, line) if debug.getinfo(2, 'S').source == '@p.lua' then io.write(line, ' ') end end
      function coroutine.wrap(f) return wrap(function(...) debug.sethook(hook, 'l') return f(...) end) end
      local main = loadfile('p.lua')
      debug.sethook(hook, 'l') main()`
    const { stdout } = spawnSync('lua5.4', ['-e', hook], { cwd: folder, encoding: 'utf8' })
    return stdout.trim().split(' ').map(Number)
  }

  const installed = spawnSync('lua5.4', ['-v']).status === 0
  if (!installed) console.warn('SKIPPED: lua5.4 is not installed, so the order of steps is compared with nothing')

  it.runIf(installed)('in: stop at the lines that lua5.4 reports to a hook', async () => {
    const expected = real()
    expect(expected.length).toBeGreaterThan(20)
    expect(await lines('stepInRequest', PROGRAM, expected.length)).toEqual(expected)
  })

  it('over: skip called functions', async () => {
    expect(await lines('nextRequest', PROGRAM, 13)).toEqual([4, 5, 6, 7, 6, 7, 6, 9, 10, 9, 12, 16, 12])
  })

  it('out: stop in the caller, and after the end of a task at the next code that runs', async () => {
    const { port, file, editor } = await withScript(
      'local function f()\n  local x = 1\n  return x\nend\ncore.register_task(function()\n  local y = f()\n  y = 2\nend)\ncore.register_task(function()\n  core.msleep(5)\nend)\n',
    )
    await editor.begin(port, file, [2])
    const { threadId } = await editor.ready()
    expect((await editor.until(() => editor.stepOutRequest({ threadId }))).line).toBe(7)
    expect((await editor.until(() => editor.nextRequest({ threadId }))).line).toBe(8)
    const other = await editor.until(() => editor.nextRequest({ threadId }))
    expect(other.line).toBe(10)
    expect(other.threadId).not.toBe(threadId)
  })
})

describe('evaluating', () => {
  it('accesses locals, upvalues, globals and variable arguments, and assigns to them', async () => {
    const { port, file, editor } = await withScript(
      'local up = 5\ncore.register_task(function(...)\n  local a, t = 1, { n = 2 }\n  print(a .. up)\nend, "x", "y")\n',
    )
    await editor.begin(port, file, [4])
    const { frame } = await editor.ready()
    const value = async (expression: string) =>
      (await editor.evaluateRequest({ expression, frameId: frame.id, context: 'repl' })).body.result
    expect(await value('a + up + t.n')).toBe('8')
    expect(await value('...')).toBe('"x", "y"')
    expect(await value('type(core.msleep)')).toBe('"function"')
    expect(await value('a = 7')).toBe('')
    expect(await value('a')).toBe('7')
    await expect(value('t.x.y')).rejects.toThrow("attempt to index a nil value (field 'x')")
    await expect(value('1 +')).rejects.toThrow('unexpected symbol')
    await expect(value('(function() while true do end end)()')).rejects.toThrow('aborted after')
    await expect(value('coroutine.yield()')).rejects.toThrow('yield')
  })
})

describe('errors', () => {
  it('stop the run if they are not caught', async () => {
    const script = 'core.register_task(function()\n  pcall(error, "caught")\n  local n = 1\n  n.x.y = 2\nend)\n'
    const { port, file, editor } = await withScript(script)
    await editor.begin(port, file, [], { filters: ['uncaught'] })
    const stop = await editor.ready()
    expect(stop).toMatchObject({
      reason: 'exception',
      line: 4,
      text: "s.lua:4: attempt to index a number value (local 'n')",
    })
    expect(await editor.scope(stop.frame.id, 'Locals')).toEqual({ n: '1' })
  })

  it('stop the run even if they are caught, if requested', async () => {
    const { port, file, editor } = await withScript()
    await editor.begin(port, file, [], { filters: ['all'] })
    expect(await editor.ready()).toMatchObject({ reason: 'exception', line: 13, text: 'caught' })
  })
})

describe('tests', () => {
  it('are debugged like scripts, and do not time out while stopped', async () => {
    const folder = folderWith({
      'a_test.lua': `local hapsim = require('hapsim')
it('adds', function()
  local sim = hapsim.simulation()
  sim:advance('250ms')
  local sum = 1 + 1
  assert.has_error(function() error('wanted') end)
  assert.equals(3, sum)
end)
`,
    })
    const { port, end } = await start(folder, 'test', '--timeout', '1')
    const editor = new Editor()
    await editor.begin(port, join(folder, 'a_test.lua'), [5], { filters: ['uncaught'] })
    const stop = await editor.ready()
    expect(await editor.scope(stop.frame.id, 'Locals')).toEqual({ sim: 'Simulation' })
    expect(await editor.scope(stop.frame.id, 'Simulation')).toEqual({ 'virtual time': '0.250000 s' })
    await new Promise((resolve) => setTimeout(resolve, 1200))
    const failed = await editor.go(stop.threadId)
    expect(failed).toMatchObject({ reason: 'exception', line: 7 })
    expect(failed.text).toContain('Expected objects to be equal')
    await editor.continueRequest({ threadId: failed.threadId })
    const { code, out } = await end
    expect(code).toBe(1)
    expect(out).toContain('1 failed')
  })
})

describe('calls of registered functions in tests', () => {
  it('stop at breakpoints in the script', async () => {
    const folder = folderWith({
      's.lua': `core.register_action('double', { 'http-req' }, function(txn, number)
  local doubled = 2 * number
  txn:set_var('txn.doubled', doubled)
end, 1)
`,
      'haproxy.cfg': `global
  tune.lua.bool-sample-conversion normal
  lua-load s.lua
frontend f
  mode http
  timeout client 1s
  bind :80
`,
      'a_test.lua': `it('doubles', function()
  local haproxy = require('hapsim').simulation():haproxy({ file = 'haproxy.cfg' }):start()
  local result = haproxy:action('lua.double', { arguments = { 21 } })
  assert.equals(42, result.variables['txn.doubled'])
end)
`,
    })
    const { port, end } = await start(folder, 'test')
    const editor = new Editor()
    await editor.begin(port, join(folder, 's.lua'), [3])
    const stop = await editor.ready()
    expect(stop).toMatchObject({ reason: 'breakpoint', line: 3 })
    expect(await editor.scope(stop.frame.id, 'Locals')).toMatchObject({ number: '"21"', doubled: '42' })
    expect(await editor.scope(stop.frame.id, 'Simulation')).toMatchObject({ task: 'stream' })
    await editor.disconnectRequest()
    expect(await end).toMatchObject({ code: 0 })
  })
})

describe('an editor', () => {
  const hashOf = (out: string) => /trace (\w+)/.exec(out)?.[1]

  it('without breakpoints does not change the run, and receives the output and the end', async () => {
    const { port, file, editor, end, folder } = await withScript()
    const plain = spawnSync(process.execPath, [program, 'run', 's.lua', '--for', '3s'], {
      cwd: folder,
      encoding: 'utf8',
    })
    let printed = ''
    editor.on('output', ({ body }: Dap.OutputEvent) => (printed += body.output))
    await editor.begin(port, file)
    const over = Promise.all([editor.waitForEvent('terminated'), editor.waitForEvent('exited')])
    await editor.configurationDoneRequest()
    expect((await over)[1].body).toEqual({ exitCode: 0 })
    const { code, out } = await end
    expect(code).toBe(0)
    expect(out).toBe(plain.stdout)
    expect(hashOf(out)).toBeDefined()
    expect(printed).toContain('sum 11')
  })

  it('that disconnects lets the run continue', async () => {
    const { port, file, editor, end } = await withScript()
    await editor.begin(port, file, [3])
    await editor.ready()
    editor.leave()
    const { code, out } = await end
    expect([code, out.includes('sum 11')]).toEqual([0, true])
  })

  it('can terminate the run', async () => {
    const { port, file, editor, end } = await withScript()
    await editor.begin(port, file, [3])
    await editor.ready()
    await editor.terminateRequest()
    expect((await end).code).toBe(143)
  })

  it('can pause a run', async () => {
    const { port, file, editor } = await withScript(
      'core.register_task(function()\n  local n = 0\n  while true do\n    n = n + 1\n    if n % 1000 == 0 then core.msleep(1) end\n  end\nend)\n',
      '--for',
      '1000s',
    )
    await editor.begin(port, file)
    await editor.configurationDoneRequest()
    const stop = await editor.until(() => editor.pauseRequest({ threadId: 1 }))
    expect(stop.reason).toBe('pause')
    expect(stop.frame.source?.path).toBe(file)
  })

  it('that sends invalid data first is disconnected, and others can connect', async () => {
    const { port, file, editor, end } = await withScript()
    const nonsense = connect(port, '127.0.0.1')
    nonsense.on('error', () => undefined)
    nonsense.write('GET / HTTP/1.1\r\n\r\nContent-Length: 5\r\n\r\nhello')
    await editor.begin(port, file, [3])
    await editor.ready()
    await editor.disconnectRequest()
    expect((await end).code).toBe(0)
  })

  it('that sends invalid data later is disconnected, and the run continues', async () => {
    const { port, end } = await withScript()
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    const say = (text: string) => socket.write(`Content-Length: ${text.length}\r\n\r\n${text}`)
    say('{"seq":1,"type":"request","command":"initialize","arguments":{"adapterID":"x"}}')
    say('{not json')
    expect((await end).code).toBe(0)
  })

  it('cannot connect if the port is in use', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => void taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as AddressInfo
    const folder = folderWith({ 's.lua': '' })
    const child = spawn(process.execPath, [program, 'run', 's.lua', '--inspect', String(port)], { cwd: folder })
    let errors = ''
    child.stderr.on('data', (data: Buffer) => (errors += data.toString()))
    const code = await new Promise((resolve) => child.on('close', resolve))
    taken.close()
    expect([code, errors]).toEqual([
      2,
      `hapsim: --inspect: cannot listen at 127.0.0.1:${port}: the address is already in use\n`,
    ])
  })
})
