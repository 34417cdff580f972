/** The arguments of `read` and `lines`: numbers of bytes, and the formats `n`, `l`, `L` and `a` (`g_read` in liolib.c). */
import { lauxlib, lua, luaString, type lua_State } from '../fengari.js'
import { notEnoughMemory } from '../vm/operations.js'
import { pushFileResult } from './file-result.js'
import type { OpenFile } from './open-file.js'

const { lua_gettop, lua_pushnil, lua_pushstring, lua_stringtonumber, lua_type, LUA_TNUMBER } = lua
const { luaL_argerror, luaL_checkinteger, luaL_checkstring } = lauxlib

/** The maximum length of a numeral. */
const MOST_DIGITS = 200

/** Reads and pushes the values requested by the arguments from `first` to `last`, by default a line. Returns the number of results. */
export const readFormats = (L: lua_State, file: OpenFile, first: number, last = lua_gettop(L)): number => {
  file.clearProblem()
  lua.lua_checkstack(L, last - first + 20)
  let n = 0
  let success = true
  if (last < first) {
    n = 1
    success = pushLine(L, file, false)
  }
  for (let arg = first; arg <= last && success; arg++) {
    n++
    success = readOne(L, file, arg)
  }
  if (file.problem !== undefined) return pushFileResult(L, file.problem)
  if (!success) lua_pushnil(L)
  return n
}

/** Lua allocates a buffer for all bytes first; above this size (64 GiB), that fails. */
const MOST_BUFFER = 2 ** 36

/** Pushes one value; returns false at the end. */
const readOne = (L: lua_State, file: OpenFile, arg: number): boolean => {
  if (lua_type(L, arg) === LUA_TNUMBER) {
    const count = luaL_checkinteger(L, arg)
    if (count === 0) {
      if (file.peek() < 0) return false
      lua_pushstring(L, '')
      return true
    }
    const most = L.l_G.longestText
    const bytes = count < 0 || count > MOST_BUFFER ? notEnoughMemory(L) : file.read(Math.min(Number(count), most + 1))
    return bytes.length > most ? notEnoughMemory(L) : pushBytes(L, bytes)
  }
  const text = luaL_checkstring(L, arg)
  switch (String.fromCharCode(text[text[0] === STAR ? 1 : 0] ?? 0)) {
    case 'n':
      return pushNumber(L, file)
    case 'l':
      return pushLine(L, file, false)
    case 'L':
      return pushLine(L, file, true)
    case 'a':
      lua_pushstring(L, file.readAll(L.l_G.longestText) ?? notEnoughMemory(L))
      return true
    default:
      return luaL_argerror(L, arg, luaString('invalid format'))
  }
}

const STAR = 42

const pushBytes = (L: lua_State, bytes: Uint8Array): boolean => {
  if (bytes.length === 0) return false
  lua_pushstring(L, bytes)
  return true
}

const LINE_FEED = 10

const pushLine = (L: lua_State, file: OpenFile, keepEnd: boolean): boolean => {
  const line = file.readLine(L.l_G.longestText) ?? notEnoughMemory(L)
  if (line.length === 0) return false
  lua_pushstring(L, !keepEnd && line.at(-1) === LINE_FEED ? line.subarray(0, -1) : line)
  return true
}

/** Reads a numeral, and pushes the number if it is valid. */
const pushNumber = (L: lua_State, file: OpenFile): boolean => {
  const numeral = new Numeral(file)
  if (numeral.read() && lua_stringtonumber(L, luaString(numeral.text)) > 0) return true
  return false
}

/** `l_getn`: reads up to the first character that cannot continue a numeral. */
class Numeral {
  text = ''

  constructor(readonly file: OpenFile) {}

  /** Returns false if the numeral is too long. */
  read(): boolean {
    while (' \t\n\v\f\r'.includes(this.#next || '-')) this.file.skip()
    this.#take('+-')
    let [digits, exponent, count] = ['0123456789', 'eE', 0]
    if (this.#take('0')) {
      if (this.#take('xX')) [digits, exponent] = ['0123456789abcdefABCDEF', 'pP']
      else count = 1
    }
    count += this.#run(digits)
    if (this.#take('.')) count += this.#run(digits)
    if (count > 0 && this.#take(exponent)) {
      this.#take('-+')
      this.#run('0123456789')
    }
    return this.text.length < MOST_DIGITS
  }

  get #next(): string {
    const byte = this.file.peek()
    return byte < 0 ? '' : String.fromCharCode(byte)
  }

  #take(allowed: string): boolean {
    const next = this.#next
    if (next === '' || !allowed.includes(next) || this.text.length >= MOST_DIGITS) return false
    this.text += next
    this.file.skip()
    return true
  }

  #run(allowed: string): number {
    let n = 0
    while (this.#take(allowed)) n++
    return n
  }
}
