/**
 * The library io (liolib.c). Files are read from those of the process; the standard output and error are part of the
 * simulation's record, the standard input is empty; writing files and running programs is refused unless it is allowed.
 */
import { functionTable, setFunctions, throwError, type FunctionTable } from '../classes/bind.js'
import type { FileErrorCode } from '../../haproxy/world.js'
import type { ProgramEnd } from '../host/doors.js'
import { jsString, lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { stateOf } from '../host/state.js'
import { checkFile, closeFile, pushFile, pushLines, registerFileClass, testFile, writeArguments } from './file-class.js'
import { pushDone, pushFileResult, systemError } from './file-result.js'
import { OpenFile, type Sink } from './open-file.js'
import { readFormats } from './read-formats.js'
import { allowed } from './refused.js'

const {
  lua_createtable,
  lua_getfield,
  lua_gettop,
  lua_insert,
  lua_isnoneornil,
  lua_pop,
  lua_pushnil,
  lua_pushstring,
  lua_pushvalue,
  lua_replace,
  lua_setfield,
  lua_tostring,
  LUA_REGISTRYINDEX,
} = lua
const { luaL_argerror, luaL_checkany, luaL_checkstring, luaL_optstring } = lauxlib

const DEFAULTS = { input: '_IO_input', output: '_IO_output' } as const

/** Opens `name`; writing modes need the flag. */
const open = (L: lua_State, name: string, mode: string): OpenFile | FileErrorCode => {
  const { host } = stateOf(L)
  const updates = mode.includes('+')
  const writes = updates || mode[0] !== 'r'
  const disk = writes ? allowed(L, 'disk', `writing to '${name}'`) : undefined
  let content = mode[0] === 'w' ? 'ENOENT' : host.process.files.read(name)
  if (disk && (mode[0] === 'w' || (content === 'ENOENT' && mode[0] === 'a'))) {
    const problem = disk.create(name)
    if (problem !== undefined) return problem
    content = new Uint8Array(0)
  }
  const readable = updates || mode[0] === 'r'
  if (content === 'EISDIR' && !writes) return new OpenFile({ readable, readError: 'EISDIR' })
  if (typeof content === 'string') return content as FileErrorCode
  const sink: Sink | undefined = disk && { write: (position, bytes) => disk.writeAt(name, position, bytes) }
  const file = new OpenFile({ content, readable, append: mode[0] === 'a', ...(sink && { sink }) })
  if (sink) stateOf(L).openFiles.add(file)
  return file
}

const functions: Record<string, LuaFunction> = {
  open: (L) => {
    const name = jsString(luaL_checkstring(L, 1))
    const mode = jsString(luaL_optstring(L, 2, 'r')!)
    if (!/^[rwa]\+?b?$/.test(mode)) luaL_argerror(L, 2, luaString('invalid mode'))
    const file = open(L, name, mode)
    if (typeof file === 'string') return pushFileResult(L, file, name)
    pushFile(L, file)
    return 1
  },
  close: (L) => {
    if (lua_gettop(L) > 0) return closeFile(L, checkFile(L))
    return closeFile(L, defaultFile(L, 'output'))
  },
  flush: (L) => {
    return pushDone(L, defaultFile(L, 'output').flush())
  },
  input: (L) => setDefault(L, 'input', 'r'),
  output: (L) => setDefault(L, 'output', 'w'),
  lines: (L) => {
    if (lua_isnoneornil(L, 1)) {
      if (lua_gettop(L) === 0) lua_pushnil(L)
      lua_getfield(L, LUA_REGISTRYINDEX, DEFAULTS.input)
      lua_replace(L, 1)
      checkFile(L)
      pushLines(L, 1, false)
      return 1
    }
    pushFile(L, openOrThrow(L, jsString(luaL_checkstring(L, 1)), 'r'))
    lua_replace(L, 1)
    lua_pushvalue(L, 1)
    lua_insert(L, 1)
    pushLines(L, 2, true)
    // the loop closes the fourth value when it is left
    lua_pushnil(L)
    lua_pushnil(L)
    lua_pushvalue(L, 1)
    return 4
  },
  popen: (L) => {
    const command = jsString(luaL_checkstring(L, 1))
    const mode = jsString(luaL_optstring(L, 2, 'r')!)
    if (mode !== 'r' && mode !== 'w') luaL_argerror(L, 2, luaString('invalid mode'))
    pushFile(L, program(L, command, mode))
    return 1
  },
  read: (L) => readFormats(L, defaultFile(L, 'input'), 1),
  tmpfile: (L) => {
    allowed(L, 'disk', 'io.tmpfile')
    pushFile(L, new OpenFile({ readable: true, sink: { write: () => undefined } }))
    return 1
  },
  type: (L) => {
    luaL_checkany(L, 1)
    const file = testFile(L, 1)
    if (file === undefined) lua_pushnil(L)
    else lua_pushstring(L, file.closed ? 'closed file' : 'file')
    return 1
  },
  write: (L) => {
    const file = defaultFile(L, 'output')
    lua_getfield(L, LUA_REGISTRYINDEX, DEFAULTS.output)
    return writeArguments(L, file, 1)
  },
}

const openOrThrow = (L: lua_State, name: string, mode: string): OpenFile => {
  const file = open(L, name, mode)
  return typeof file === 'string' ? throwError(L, `cannot open file '${name}' (${systemError(file)})`) : file
}

/** The default file; throws when it is closed. */
const defaultFile = (L: lua_State, which: 'input' | 'output'): OpenFile => {
  lua_getfield(L, LUA_REGISTRYINDEX, DEFAULTS[which])
  const file = testFile(L, -1)!
  lua_pop(L, 1)
  return file.closed ? throwError(L, `default ${which} file is closed`) : file
}

const setDefault = (L: lua_State, which: 'input' | 'output', mode: string): number => {
  if (!lua_isnoneornil(L, 1)) {
    const name = lua_tostring(L, 1)
    if (name !== null) pushFile(L, openOrThrow(L, jsString(name), mode))
    else {
      checkFile(L)
      lua_pushvalue(L, 1)
    }
    lua_setfield(L, LUA_REGISTRYINDEX, DEFAULTS[which])
  }
  lua_getfield(L, LUA_REGISTRYINDEX, DEFAULTS[which])
  return 1
}

/** A program: to read from, it has run when this returns; to write to, it runs when the file is closed. */
const program = (L: lua_State, command: string, mode: string): OpenFile => {
  const programs = allowed(L, 'programs', 'io.popen')
  const { output } = stateOf(L).host
  const run = (input: Uint8Array) => {
    const result = programs.run(command, input)
    output.writeBytes('stderr', result.stderr)
    return result
  }
  if (mode === 'r') {
    const { stdout, end } = run(new Uint8Array(0))
    return new OpenFile({ content: stdout, readable: true, sink: { write: () => 'EBADF', close: () => end } })
  }
  const input: Uint8Array[] = []
  const close = (): ProgramEnd => {
    const { stdout, end } = run(Buffer.concat(input))
    output.writeBytes('stdout', stdout)
    return end
  }
  return new OpenFile({ sink: { write: (_, bytes) => void input.push(bytes.slice()), close } })
}

const IO_FUNCTIONS: FunctionTable = functionTable(functions)

/** Opens the library. */
export const openIo: LuaFunction = (L) => {
  registerFileClass(L)
  lua_createtable(L, 0, IO_FUNCTIONS.length + 3)
  setFunctions(L, IO_FUNCTIONS)
  const { output } = stateOf(L).host
  const standard = (name: string, file: OpenFile, asDefault?: string) => {
    pushFile(L, file)
    if (asDefault !== undefined) {
      lua_pushvalue(L, -1)
      lua_setfield(L, LUA_REGISTRYINDEX, asDefault)
    }
    lua_setfield(L, -2, name)
  }
  standard('stdin', new OpenFile({ readable: true, standard: true }), DEFAULTS.input)
  standard('stdout', printing('stdout'), DEFAULTS.output)
  standard('stderr', printing('stderr'))
  return 1

  function printing(stream: 'stdout' | 'stderr'): OpenFile {
    return new StandardFile((bytes) => output.writeBytes(stream, bytes))
  }
}

/** What is written to it is said at once. */
class StandardFile extends OpenFile {
  constructor(readonly say: (bytes: Uint8Array) => void) {
    super({ standard: true, sink: { write: () => undefined } })
  }

  override write(bytes: Uint8Array): undefined {
    this.say(bytes)
  }
}
