// Regenerates src/config/known/suggestions.ts: the words among which the real HAProxy looks for a suggestion ("did you mean … maybe ?"),
// in its order, because the first of those that are equally close is suggested. `-dKall` prints them sorted and without those that
// HAProxy does not register, so they are read from the executable.
// Usage: node scripts/known-suggestions.mjs [path of the haproxy binary]
import { readFileSync, writeFileSync } from 'node:fs'
import { binary, version, wordLines } from './real-haproxy.mjs'

const RELATIVE = 8 // R_X86_64_RELATIVE
const PROGRAM_DATA = 1 // SHT_PROGBITS
const RELOCATIONS = 4 // SHT_RELA

/** Sections of `struct cfg_keyword` (include/haproxy/cfgparse.h). */
const CFG_SECTIONS = { global: 1, listen: 2 }

/**
 * Returns the words by kind of line.
 *
 * @param path the executable (ELF, x86-64), or the shell script that `scripts/upstream` writes, whose last line executes it
 */
const suggestions = (path) => {
  const image = readImage(executable(path))
  const lists = new Map()
  for (let at = image.registrations.from; at < image.registrations.to; at += 8) {
    const call = image.pointer(at) // struct initcall: function, argument 1, …
    const register = image.pointer(call)
    lists.set(register, [...(lists.get(register) ?? []), image.pointer(call + 8)])
  }
  const all = [...lists.values()]
  // struct cfg_kw_list: list (2 pointers); each keyword: section, name, parser, flags
  const configuration = registered(image, all, { header: 16, size: 32, name: 8 }, 'httpclient.retries')
  const inSection = (section) => configuration.filter(({ at }) => image.integer(at) === section)
  return {
    global: names(inSection(CFG_SECTIONS.global), array(image, 'busy-polling', 8)),
    proxy: names(inSection(CFG_SECTIONS.listen), array(image, 'default_backend', 8)),
    // struct bind_kw_list and srv_kw_list: scope, list (2 pointers)
    bind: names(registered(image, all, { header: 24, size: 24, name: 0 }, 'crt-list')),
    server: names(
      registered(image, all, { header: 24, size: 32, name: 0 }, 'agent-inter'),
      array(image, 'mark-down', 8),
    ),
    // cfg_opts, cfg_opts2, those of log-forward, common_options
    option: names(
      array(image, 'checkcache', 24),
      array(image, 'splice-auto', 24),
      array(image, 'dont-parse-log', 24),
      array(image, 'httpclose', 8),
    ),
  }
}

const names = (...entries) => [...new Set(entries.flat().map(({ name }) => name))]

/** The keywords that one function registers, in order: the function one of whose lists contains `example`. */
const registered = (image, all, layout, example) => {
  for (const addresses of all) {
    const entries = addresses.flatMap((address) => entriesOf(image, address, layout))
    if (entries.some(({ name }) => name === example)) return entries
  }
  throw new Error(`no list contains ${example}`)
}

/** The entries of the longest array that contains `example`; each has `size` bytes and begins with its name. */
const array = (image, example, size) => {
  let longest = []
  for (const at of image.pointersTo(example)) {
    let from = at
    while (image.text(image.pointer(from - size)) !== undefined) from -= size
    const entries = entriesOf(image, from, { header: 0, size, name: 0 })
    if (entries.length > longest.length) longest = entries
  }
  if (longest.length < 2) throw new Error(`no array contains ${example}`)
  return longest
}

const entriesOf = (image, address, { header, size, name }) => {
  const entries = []
  if (address === undefined) return entries
  for (let at = address + header; ; at += size) {
    const text = image.text(image.pointer(at + name))
    if (text === undefined) return entries
    entries.push({ at, name: text })
  }
}

const isElf = (bytes) => bytes.toString('latin1', 0, 4) === '\x7fELF'

const executable = (path) => {
  const bytes = readFileSync(path)
  if (isElf(bytes)) return bytes
  const target = /"([^"]+)" "\$@"\s*$/.exec(bytes.toString())?.[1]
  if (target === undefined) throw new Error(`${path} is not an executable`)
  return readFileSync(target)
}

/** The initialized memory of an executable. */
const readImage = (bytes) => {
  const sections = readSections(bytes)
  const loaded = sections.filter(({ type, address }) => type === PROGRAM_DATA && address > 0)
  const offset = (address) => {
    const section = loaded.find((each) => address >= each.address && address < each.address + each.size)
    return section && address - section.address + section.offset
  }
  const pointers = new Map()
  for (const { type, offset: from, size } of sections) {
    if (type !== RELOCATIONS) continue
    for (let at = from; at < from + size; at += 24)
      if (bytes.readUInt32LE(at + 8) === RELATIVE)
        pointers.set(Number(bytes.readBigUInt64LE(at)), Number(bytes.readBigInt64LE(at + 16)))
  }
  const registrations = loaded.find(({ name }) => name === 'i_STG_REGISTER')
  return {
    registrations: { from: registrations.address, to: registrations.address + registrations.size },
    pointer: (address) => pointers.get(address),
    pointersTo(text) {
      return [...pointers].filter(([, target]) => this.text(target) === text).map(([address]) => address)
    },
    integer: (address) => bytes.readInt32LE(offset(address)),
    /** the printable text at an address; undefined if there is another value */
    text(address) {
      const from = address === undefined ? undefined : offset(address)
      if (from === undefined) return undefined
      const text = bytes.toString('latin1', from, bytes.indexOf(0, from))
      return /^[\x21-\x7e]+$/.test(text) ? text : undefined
    },
  }
}

const readSections = (bytes) => {
  const table = Number(bytes.readBigUInt64LE(0x28))
  const [size, count, namesIndex] = [0x3a, 0x3c, 0x3e].map((at) => bytes.readUInt16LE(at))
  const sections = Array.from({ length: count }, (_, index) => {
    const at = table + index * size
    const number = (from) => Number(bytes.readBigUInt64LE(at + from))
    return {
      nameAt: bytes.readUInt32LE(at),
      type: bytes.readUInt32LE(at + 4),
      address: number(16),
      offset: number(24),
      size: number(32),
    }
  })
  const namesFrom = sections[namesIndex].offset
  const name = (at) => bytes.toString('latin1', namesFrom + at, bytes.indexOf(0, namesFrom + at))
  return sections.map((section) => ({ ...section, name: name(section.nameAt) }))
}

const found = suggestions(binary)
const list = (comment, name, words) => `
/** ${comment} */
export const ${name}: readonly string[] = words(\`${wordLines(words)}\`)
`
writeFileSync(
  new URL('../src/config/known/suggestions.ts', import.meta.url),
  `/**
 * The words that HAProxy ${version} suggests in place of unknown ones, in the order in which it compares them. Generated by
 * scripts/known-suggestions.mjs from the executable.
 */
import { words } from './words.js'
${[
  list('In the section `global`.', 'SUGGESTED_GLOBAL', found.global),
  list('In proxies and `defaults`.', 'SUGGESTED_PROXY', found.proxy),
  list('After `option`.', 'SUGGESTED_OPTIONS', found.option),
  list('On `bind` lines.', 'SUGGESTED_BIND', found.bind),
  list('On `server` lines.', 'SUGGESTED_SERVER', found.server),
].join('')}`,
)
