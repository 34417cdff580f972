/**
 * The library io (liolib.c). Files are those of the process; standard output and error are part of the simulation's record, standard input
 * is empty; writing files and running programs requires permission.
 */
import { stringArgument } from '../binding/arguments.js'
import { throwLuaError } from '../binding/errors.js'
import { functionTable, setFunctions, type FunctionTable } from '../binding/function-table.js'
import { fileErrorText, type FileErrorCode } from '../../haproxy/file-errors.js'
import type { FileAccess } from '../../haproxy/files.js'
import type { ProgramEnd } from '../host/permissions.js'
import { jsString, lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { libraryStateOf } from './library-state.js'
import { checkFile, closeFile, pushFile, pushLines, registerFileClass, testFile, writeArguments } from './file-class.js'
import { pushDone, pushFileResult } from './file-result.js'
import { OpenFile } from './open-file.js'
import { Pipe } from './pipe.js'
import { readFormats } from './read-formats.js'
import { allowed, refuseReading } from './refused.js'

const {
  lua_createtable,
  lua_getfield,
  lua_gettop,
  lua_insert,
  lua_isnoneornil,
  lua_isstring,
  lua_pop,
  lua_pushnil,
  lua_pushstring,
  lua_pushvalue,
  lua_replace,
  lua_setfield,
  LUA_REGISTRYINDEX,
} = lua
const { luaL_argerror, luaL_checkany, luaL_optstring } = lauxlib

const DEFAULTS = { input: '_IO_input', output: '_IO_output' } as const

/** Opens `name` like fopen; modes for writing require permission. */
const open = (L: lua_State, name: string, mode: string): OpenFile | FileErrorCode => {
  const { host } = libraryStateOf(L)
  const access = accessOf(mode)
  const descriptor = host.process.files.open(host.resolvePath(name), access)
  if (descriptor === 'READ_REFUSED') return refuseReading(L, name)
  if (descriptor === 'WRITE_REFUSED') return allowed(L, 'disk', `writing to '${name}'`) && descriptor
  if (typeof descriptor === 'string') return descriptor
  const { read: readable, write: writable, append = false } = access
  return new OpenFile({ descriptor, readable, writable, append })
}

const accessOf = (mode: string): FileAccess => {
  const [kind] = mode
  const updates = mode.includes('+')
  return {
    read: updates || kind === 'r',
    write: updates || kind !== 'r',
    append: kind === 'a',
    create: kind !== 'r',
    truncate: kind === 'w',
  }
}

const functions: Record<string, LuaFunction> = {
  open: (L) => {
    const name = stringArgument(L, 1)
    const mode = jsString(luaL_optstring(L, 2, 'r')!)
    if (!/^[rwa]\+?b*$/.test(mode)) luaL_argerror(L, 2, luaString('invalid mode'))
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
    pushFile(L, openOrThrow(L, stringArgument(L, 1), 'r'))
    lua_replace(L, 1)
    lua_pushvalue(L, 1)
    lua_insert(L, 1)
    pushLines(L, 2, true)
    // the loop closes the fourth value at its end
    lua_pushnil(L)
    lua_pushnil(L)
    lua_pushvalue(L, 1)
    return 4
  },
  popen: (L) => {
    const command = stringArgument(L, 1)
    const mode = jsString(luaL_optstring(L, 2, 'r')!)
    if (mode !== 'r' && mode !== 'w') luaL_argerror(L, 2, luaString('invalid mode'))
    pushFile(L, program(L, command, mode))
    return 1
  },
  read: (L) => readFormats(L, defaultFile(L, 'input'), 1),
  tmpfile: (L) => {
    const descriptor = allowed(L, 'disk', 'io.tmpfile').temporary()
    pushFile(L, new OpenFile({ descriptor, readable: true, writable: true }))
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
  return typeof file === 'string' ? throwLuaError(L, `cannot open file '${name}' (${fileErrorText(file)})`) : file
}

/** Returns the default file; throws if it is closed. */
const defaultFile = (L: lua_State, which: 'input' | 'output'): OpenFile => {
  lua_getfield(L, LUA_REGISTRYINDEX, DEFAULTS[which])
  const file = testFile(L, -1)!
  lua_pop(L, 1)
  return file.closed ? throwLuaError(L, `default ${which} file is closed`) : file
}

const setDefault = (L: lua_State, which: 'input' | 'output', mode: string): number => {
  if (!lua_isnoneornil(L, 1)) {
    if (lua_isstring(L, 1)) pushFile(L, openOrThrow(L, stringArgument(L, 1), mode))
    else {
      checkFile(L)
      lua_pushvalue(L, 1)
    }
    lua_setfield(L, LUA_REGISTRYINDEX, DEFAULTS[which])
  }
  lua_getfield(L, LUA_REGISTRYINDEX, DEFAULTS[which])
  return 1
}

/** A program: one to read from has run when this returns; one to write to runs when the file is closed. */
const program = (L: lua_State, command: string, mode: string): OpenFile => {
  const programs = allowed(L, 'programs', 'io.popen')
  const { output, directory } = libraryStateOf(L).host
  const run = (input: Uint8Array) => {
    const result = programs.run(command, input, directory)
    output.writeBytes('stderr', result.stderr)
    return result
  }
  if (mode === 'r') {
    const { stdout, end } = run(new Uint8Array(0))
    return new OpenFile({ descriptor: new Pipe(stdout), readable: true, writable: false, ended: () => end })
  }
  const pipe = new Pipe()
  const ended = (): ProgramEnd => {
    const { stdout, end } = run(pipe.content)
    output.writeBytes('stdout', stdout)
    return end
  }
  return new OpenFile({ descriptor: pipe, readable: false, writable: true, ended })
}

const IO_FUNCTIONS: FunctionTable = functionTable(functions)

/** Opens the library. */
export const openIo: LuaFunction = (L) => {
  registerFileClass(L)
  lua_createtable(L, 0, IO_FUNCTIONS.length + 3)
  setFunctions(L, IO_FUNCTIONS)
  const { input, output } = libraryStateOf(L).host
  const standard = (name: string, file: OpenFile, asDefault?: string) => {
    pushFile(L, file)
    if (asDefault !== undefined) {
      lua_pushvalue(L, -1)
      lua_setfield(L, LUA_REGISTRYINDEX, asDefault)
    }
    lua_setfield(L, -2, name)
  }
  standard('stdin', new OpenFile({ descriptor: input ?? new Pipe(), ...STANDARD, readable: true }), DEFAULTS.input)
  standard('stdout', new StandardOutput((bytes) => output.writeBytes('stdout', bytes)), DEFAULTS.output)
  standard('stderr', new StandardOutput((bytes) => output.writeBytes('stderr', bytes)))
  return 1
}

const STANDARD = { readable: false, writable: false, standard: true }

/** Output is part of the record at once, regardless of the buffering mode. */
class StandardOutput extends OpenFile {
  constructor(readonly record: (bytes: Uint8Array) => void) {
    super({ descriptor: new Pipe(), ...STANDARD, writable: true })
  }

  override write(bytes: Uint8Array): undefined {
    this.record(bytes)
  }
}
