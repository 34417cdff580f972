/**
 * Counts circles of imports in src/, imports of types included: files each of which leads to all others. A circle has four files
 * at most, and is allowed here by name with its reason. dependency-cruiser checks the arrows between rooms, but names circles pair by pair.
 *
 *   node scripts/import-circles.mjs           fails for each circle that is not allowed, and for each allowance that is not needed
 *   node scripts/import-circles.mjs --list    shows all circles
 */
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, posix, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
const LARGEST = 4

/** @type {{ files: string[], reason: string }[]} */
const ALLOWED = [
  {
    files: ['src/lua/vm/proto.ts', 'src/lua/vm/state.ts', 'src/lua/vm/table.ts', 'src/lua/vm/value.ts'],
    reason: "types only: Lua's values are tables, functions and coroutines, all of which hold values",
  },
  {
    files: ['src/lua/vm/call.ts', 'src/lua/vm/errors.ts', 'src/lua/vm/hook.ts', 'src/lua/vm/stack-limits.ts'],
    reason: 'a call may end with an error, of a hook or the stack as well, and an error calls the message handler',
  },
  {
    files: [
      'src/haproxy/filters/filter.ts',
      'src/haproxy/rules/action.ts',
      'src/haproxy/streams/context.ts',
      'src/haproxy/streams/stream.ts',
    ],
    reason: 'types only: a stream evaluates rules and calls filters, which change the stream',
  },
  {
    files: ['src/haproxy/proxy/proxy.ts', 'src/haproxy/server/observers.ts', 'src/haproxy/server/server.ts'],
    reason:
      'a proxy has servers and a server has its proxy, as their structs in HAProxy; observers are called with servers',
  },
  {
    files: ['src/regex/compile-assertions.ts', 'src/regex/compile-repeats.ts', 'src/regex/compiler.ts'],
    reason: 'groups and repeats contain what the compiler compiles: it calls them, and they name its type',
  },
]

const source = (path) =>
  ts.preProcessFile(readFileSync(join(ROOT, path), 'utf8'), true, false).importedFiles.map(({ fileName }) => fileName)

const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
  .map((name) => relative(ROOT, join(ROOT, 'src', name)))
  .sort()
const known = new Set(files)

const imports = new Map(
  files.map((file) => [
    file,
    source(file)
      .filter((name) => name.startsWith('.'))
      .map((name) => posix.join(dirname(file), name.replace(/\.js$/, '.ts')))
      .filter((name) => known.has(name)),
  ]),
)

/** Strongly connected components (Tarjan 1972), without recursion, as chains of imports are long. */
const circles = () => {
  const index = new Map()
  const low = new Map()
  const stack = []
  const onStack = new Set()
  const found = []
  for (const root of files) {
    if (index.has(root)) continue
    const work = [{ file: root, next: 0 }]
    while (work.length > 0) {
      const frame = work[work.length - 1]
      const { file } = frame
      if (frame.next === 0) {
        index.set(file, index.size)
        low.set(file, index.get(file))
        stack.push(file)
        onStack.add(file)
      }
      const target = imports.get(file)[frame.next++]
      if (target !== undefined) {
        if (!index.has(target)) work.push({ file: target, next: 0 })
        else if (onStack.has(target)) low.set(file, Math.min(low.get(file), index.get(target)))
        continue
      }
      work.pop()
      const parent = work[work.length - 1]
      if (parent) low.set(parent.file, Math.min(low.get(parent.file), low.get(file)))
      if (low.get(file) !== index.get(file)) continue
      const circle = stack.splice(stack.indexOf(file))
      for (const member of circle) onStack.delete(member)
      if (circle.length > 1 || imports.get(file).includes(file)) found.push(circle.sort())
    }
  }
  return found.sort((a, b) => b.length - a.length)
}

const found = circles()
if (process.argv.includes('--list')) {
  for (const circle of found) console.log(`${circle.length} files:\n  ${circle.join('\n  ')}`)
  process.exit(0)
}

const name = (list) => [...list].sort().join(', ')
const allowed = new Map(ALLOWED.map(({ files, reason }) => [name(files), reason]))
const failures = []
for (const circle of found) {
  if (circle.length > LARGEST)
    failures.push(`a circle of ${circle.length} files, ${LARGEST} at most are allowed: ${name(circle)}`)
  else if (!allowed.delete(name(circle))) failures.push(`a circle that is not allowed: ${name(circle)}`)
}
for (const rest of allowed.keys()) failures.push(`an allowance without its circle: ${rest}`)
for (const failure of failures) console.error(failure)
console.log(`${files.length} files, ${found.length} circles of imports, the largest of ${found[0]?.length ?? 0} files`)
process.exit(failures.length > 0 ? 1 : 0)
