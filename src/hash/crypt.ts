/**
 * crypt(3) with MD5 (`$1$`), SHA-256 (`$5$`) and SHA-512 (`$6$`), as userlists have passwords. The method of SHA is specified in "Unix crypt
 * using SHA-256 and SHA-512" (Ulrich Drepper, 2007). Texts are byte strings.
 */
import { digest } from './digests.js'

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Base 64 of a hash: groups of three bytes, given by their positions (-1: zero), and the number of characters of each. */
type Order = readonly (readonly [first: number, second: number, third: number, characters: number])[]

/** Groups whose next positions follow the former ones, from the one at `first` on. */
const rotating = (size: number, first: 1 | 2): Order => {
  const groups: [number, number, number, number][] = []
  const third = Math.floor(size / 3)
  let at: readonly [number, number, number] = [0, third, 2 * third]
  for (let i = 0; i < third; i++) {
    groups.push([...at, 4])
    at = [at[first] + 1, at[first === 1 ? 2 : 0] + 1, at[first - 1]! + 1]
  }
  return groups
}

const ORDERS: Readonly<Record<string, Order>> = {
  md5: [
    [0, 6, 12, 4],
    [1, 7, 13, 4],
    [2, 8, 14, 4],
    [3, 9, 15, 4],
    [4, 10, 5, 4],
    [-1, -1, 11, 2],
  ],
  sha256: [...rotating(32, 2), [-1, 31, 30, 3]],
  sha512: [...rotating(64, 1), [-1, -1, 63, 2]],
}

const encode = (hash: string, order: Order): string => {
  const byte = (at: number): number => (at < 0 ? 0 : hash.charCodeAt(at))
  return order
    .map(([first, second, third, characters]) => {
      const value = (byte(first) << 16) | (byte(second) << 8) | byte(third)
      return Array.from({ length: characters }, (_, i) => ALPHABET[(value >> (6 * i)) & 63]).join('')
    })
    .join('')
}

/** The beginning of a text that is repeated to a length. */
const repeated = (text: string, length: number): string =>
  text.repeat(Math.ceil(length / Math.max(text.length, 1))).slice(0, length)

/** The text or the hash for each bit of a number, the lowest one first. */
const byBits = (length: number, one: string, zero: string): string => {
  let text = ''
  for (let bits = length; bits > 0; bits >>= 1) text += bits & 1 ? one : zero
  return text
}

/** The data of one of the rounds, which mix password, salt and the hash so far. */
const roundData = (round: number, password: string, salt: string, hash: string): string =>
  (round & 1 ? password : hash) + (round % 3 ? salt : '') + (round % 7 ? password : '') + (round & 1 ? hash : password)

const MD5_ROUNDS = 1000

const md5Crypt = (password: string, salt: string): string => {
  const md5 = (data: string): string => digest('md5', data)
  const alternate = repeated(md5(password + salt + password), password.length)
  let hash = md5(`${password}$1$${salt}${alternate}${byBits(password.length, '\0', password[0] ?? '')}`)
  for (let round = 0; round < MD5_ROUNDS; round++) hash = md5(roundData(round, password, salt, hash))
  return encode(hash, ORDERS.md5!)
}

const shaCrypt = (name: 'sha256' | 'sha512', password: string, salt: string, rounds: number): string => {
  const sha = (data: string): string => digest(name, data)
  const { length } = password
  const alternate = sha(password + salt + password)
  let hash = sha(password + salt + repeated(alternate, length) + byBits(length, alternate, password))
  const fromPassword = repeated(sha(password.repeat(length)), length)
  const fromSalt = repeated(sha(salt.repeat(16 + hash.charCodeAt(0))), salt.length)
  for (let round = 0; round < rounds; round++) hash = sha(roundData(round, fromPassword, fromSalt, hash))
  return encode(hash, ORDERS[name]!)
}

const SETTING = /^\$([156])\$(?:(rounds=)(\d+)\$)?([^$]*)/

/**
 * The hash of a password with the method, the salt and the rounds of another hash, in the same form; undefined for other methods, such as
 * the one of DES.
 */
export const crypt = (password: string, setting: string): string | undefined => {
  const [, method, hasRounds, rounds, rest] = SETTING.exec(setting) ?? []
  if (method === undefined) return undefined
  if (method === '1') {
    const salt = rest!.slice(0, 8)
    return hasRounds === undefined ? `$1$${salt}$${md5Crypt(password, salt)}` : undefined
  }
  const salt = rest!.slice(0, 16)
  const count = Math.min(Math.max(Number(rounds ?? 5000), 1000), 999_999_999)
  const written = hasRounds === undefined ? '' : `rounds=${count}$`
  return `$${method}$${written}${salt}$${shaCrypt(method === '5' ? 'sha256' : 'sha512', password, salt, count)}`
}
