/**
 * Writes docs/regression-tests.md: how the regression tests of HAProxy 3.0 end with varnishtest and the real HAProxy, with
 * `hapsim vtc --haproxy` on the same program, and with `hapsim vtc` in virtual time. Needs varnishtest, a build, and the folder of
 * `scripts/upstream`; takes a few minutes.
 *
 * Usage: node scripts/vtc-table.mjs
 */
import { execFile, spawnSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'

const UPSTREAM = process.env.HAPSIM_UPSTREAM ?? join(homedir(), '.cache/hapsim-upstream')
const HAPROXY = join(UPSTREAM, 'haproxy')
const TESTS = join(UPSTREAM, 'source/reg-tests')
const PAGE = 'docs/regression-tests.md'
/** seconds that a test may take in real time */
const DURATION = '30'
/** tests in real time that run at a time */
const JOBS = 3

const files = readdirSync(TESTS, { recursive: true, withFileTypes: true })
  .filter((each) => each.isFile() && each.name.endsWith('.vtc'))
  .map((each) => join(each.parentPath, each.name))
  .sort()

const run = promisify(execFile)

/** How varnishtest ends. Its default for the size of the log is too small for one of the tests. */
const real = async (file) => {
  const ended = run('varnishtest', ['-b', '10M', '-t', DURATION, '-q', file], {
    env: { ...process.env, HAPROXY_PROGRAM: HAPROXY },
  })
  const code = await ended.then(
    () => 0,
    (error) => error.code,
  )
  return code === 0 ? 'passed' : code === 77 ? 'skipped' : 'failed'
}

/** What `hapsim vtc` reports, by file. */
const hapsim = async (...args) => {
  const { stdout } = await run(process.execPath, ['dist/cli/main.js', 'vtc', '-k', '--json', ...args], {
    maxBuffer: 2 ** 30,
  }).catch((error) => error)
  const tests = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  return new Map(tests.map((test) => [test.file, test]))
}

const virtually = await hapsim(TESTS)
process.stderr.write('in virtual time: done\n')
const onSockets = ['--haproxy', HAPROXY, '-t', DURATION]
const live = await hapsim(...onSockets, '-j', String(JOBS), TESTS)
process.stderr.write('on real sockets: done\n')
const really = new Map()
const queue = [...files]
const work = async () => {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) really.set(file, await real(file))
}
await Promise.all(Array.from({ length: JOBS }, work))
// in real time, a busy machine makes tests fail: those are played again, alone
for (const file of files) {
  if (really.get(file) === 'failed') really.set(file, await real(file))
  if (live.get(file).result === 'failed') live.set(file, (await hapsim(...onSockets, file)).get(file))
}

const rows = files.map((file) => ({
  name: relative(TESTS, file).replace(/\.vtc$/, ''),
  real: really.get(file),
  live: live.get(file),
  virtual: virtually.get(file),
}))

const count = (of) => rows.filter(of).length
const same = ({ real: expected, live }) => live.result === expected
/** What tests need that no message names. */
const UNNAMED = {
  'http-messaging/http_splicing': 'splicing in the kernel',
  'http-messaging/http_splicing_chunk': 'splicing in the kernel',
  'ssl/crt_store': 'reading certificates in a simulation',
}
const needs = ({ name, live, virtual }) =>
  UNNAMED[name] ?? [...new Set([...live.missing, ...virtual.missing])].slice(0, 3).join(', ').replaceAll('|', '\\|')

const table = rows.map(
  (row) => `| ${row.name} | ${row.real} | ${row.live.result} | ${row.virtual.result} | ${needs(row)} |`,
)

writeFileSync(
  PAGE,
  `# HAProxy's regression tests

\`hapsim vtc\` plays the regression tests of HAProxy (\`reg-tests/\` of its source), which are written in
[varnishtest's language](https://github.com/vtest/VTest2), unchanged and in virtual time:

\`\`\`sh
hapsim vtc -k reg-tests/http-rules               # in virtual time
hapsim vtc --haproxy /usr/sbin/haproxy FILE      # on real sockets, with the real HAProxy
\`\`\`

In virtual time no programs of the system are run: tests with \`shell\` and \`process\` are skipped there, and so are those with HTTP/2,
which is not emulated yet. Of a test that fails and uses keywords that hapsim does not emulate, these are named.

The table shows how the ${rows.length} tests of HAProxy 3.0 end with HAProxy 3.2: with varnishtest, with \`hapsim vtc --haproxy\`, and in virtual time. With
varnishtest, ${count((row) => row.real === 'passed')} pass; ${count(same)} end the same with \`hapsim vtc --haproxy\`; ${count(({ virtual }) => virtual.result === 'passed')} pass in virtual time. \`node scripts/vtc-table.mjs\` writes
this page.

| test | varnishtest | \`hapsim vtc --haproxy\` | \`hapsim vtc\` | not emulated |
| --- | --- | --- | --- | --- |
${table.join('\n')}
`,
)
spawnSync('npx', ['prettier', '--write', PAGE], { stdio: 'inherit' })
