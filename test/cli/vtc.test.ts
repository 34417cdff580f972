/** `hapsim vtc` runs regression tests and ends as varnishtest does. */
import { expect, it } from 'vitest'
import { folderWith, type Files } from '../support/files.js'
import { runHapsim } from '../support/hapsim.js'

const FILES: Files = {
  'passing.vtc': 'vtest "passes"\nserver s1 { recv 1 } -start\nclient c1 -connect ${s1_sock} { send "a" } -run\n',
  'failing.vtc': 'vtest "fails"\nserver s1 { recv 1 } -start\nclient c1 -connect ${s1_sock} { expect a == b } -run\n',
  'skipped.vtc': '# a comment\n\nvarnishtest "is skipped"\nshell { true }\n',
  'deeper/macro.vtc': 'vtest "has a macro"\nclient c1 -connect ${address} { send "a" } -run\n',
  'not-a-test.vtc': 'server s1 { }\n',
  'empty.vtc': '# nothing\n',
  'notes.txt': 'not a test',
}

/** Runs `hapsim vtc` on files of a folder; the times that tests took are left out. */
const hapsimVtc = async (names: readonly string[], ...args: readonly string[]) => {
  const folder = folderWith(FILES, 'vtc')
  const paths = names.map((name) => (name === '.' ? folder : `${folder}/${name}`))
  const { code, out, complaints } = await runHapsim('vtc', ...args, ...paths)
  const plain = (text: string): string => text.replaceAll(`${folder}/`, '').replace(/\(\d+\.\d{3}\)/g, '(T)')
  return { code, out: plain(out), complaints: plain(complaints) }
}

it('exits with 0 when tests pass', async () => {
  expect(await hapsimVtc(['passing.vtc'])).toEqual({
    code: 0,
    out: '#    top  TEST passing.vtc passed (T)',
    complaints: '',
  })
})

it('exits with 1 when one fails, with its log and the expectation that has failed', async () => {
  const { code, out } = await hapsimVtc(['failing.vtc', 'passing.vtc'])
  expect(code).toBe(1)
  expect(out).toContain('---- c1    EXPECT a (a) == "b" failed')
  expect(out).toContain('\n#    top  TEST failing.vtc FAILED (T)\n     failing.vtc:3: c1: EXPECT a (a) == "b" failed')
  expect(out).not.toContain('passing.vtc passed')
})

it('exits with 77 when all are skipped', async () => {
  expect(await hapsimVtc(['skipped.vtc'])).toEqual({
    code: 77,
    out: '#    top  TEST skipped.vtc skipped (T): skipped.vtc:4: line 4: shell runs a program of the system',
    complaints: '',
  })
})

it('continues with -k, finds the tests of folders, and counts', async () => {
  const { code, out, complaints } = await hapsimVtc(['.'], '-k', '-q')
  expect(code).toBe(1)
  expect(out.split('\n').at(-1)).toBe('2 tests failed, 3 tests skipped, 1 tests passed')
  expect(out).toContain('deeper/macro.vtc:2: Macro ${address} not found')
  expect(complaints).toBe(
    'hapsim: File "empty.vtc" has no content.\n' +
      `hapsim: File "not-a-test.vtc" doesn't start with 'vtest' or 'varnishtest'`,
  )
})

it('exits with 2 for files that are no tests', async () => {
  expect((await hapsimVtc(['not-a-test.vtc', 'passing.vtc'])).code).toBe(2)
  expect((await hapsimVtc(['missing.vtc'])).code).toBe(2)
})

it('defines macros', async () => {
  const { out } = await hapsimVtc(['deeper/macro.vtc'], '-q', '-D', 'address=127.0.0.1:9')
  expect(out).toContain('c1: Failed to open 127.0.0.1:9: Connection refused')
})

it('prints an object per test with --json', async () => {
  const { out } = await hapsimVtc(['.'], '-k', '--json')
  const [first] = out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(first).toMatchObject({ type: 'test', result: 'failed', where: 'deeper/macro.vtc:2', missing: [] })
})

it('limits the virtual time of a test', async () => {
  const folder = folderWith({ 'slow.vtc': 'vtest "t"\ndelay 100\n' }, 'vtc')
  expect((await runHapsim('vtc', '-t', '99', '-q', `${folder}/slow.vtc`)).code).toBe(1)
  expect((await runHapsim('vtc', '-t', '101', '-q', `${folder}/slow.vtc`)).code).toBe(0)
})
