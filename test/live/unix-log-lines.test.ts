/** Log lines to Unix sockets where what sends them, koffi's binary, is not there. */
import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { build, root } from '../support/build.js'
import { temporaryFolder } from '../support/temporary-folder.js'

beforeAll(build, 60_000)

const WITHOUT_KOFFI = `
import { register } from 'node:module'
const hooks = \`export const resolve = (name, context, next) => {
  if (name === 'koffi') throw new Error('Cannot find the native Koffi module\\\\nmore')
  return next(name, context)
}\`
register('data:text/javascript,' + encodeURIComponent(hooks))
`

const started = async (options: readonly string[], logs: readonly string[]): Promise<string> => {
  const folder = temporaryFolder('koffi')
  writeFileSync(join(folder, 'without-koffi.mjs'), WITHOUT_KOFFI)
  const lines = ['global', ...logs.map((each) => ` log ${each} local0`), ' stats socket unix@sock', '']
  writeFileSync(join(folder, 'h.cfg'), lines.join('\n'))
  const child = spawn(process.execPath, [...options, join(root, 'dist/cli/haproxy/main.js'), '-db', '-f', 'h.cfg'], {
    cwd: folder,
  })
  let output = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
  const end = new Promise((resolve) => child.on('close', resolve))
  // it serves once its socket is there
  while (!existsSync(join(folder, 'sock')) && child.exitCode === null) await new Promise((done) => setTimeout(done, 20))
  child.kill('SIGTERM')
  await end
  return output
}

const WARNING =
  'config : parsing [h.cfg:2] : log lines to Unix sockets are lost: the koffi package, which is needed to send them, cannot be loaded ' +
  '(Cannot find the native Koffi module).'

it.skipIf(process.platform !== 'linux')('warns once at the start', async () => {
  const output = await started(['--import', './without-koffi.mjs'], ['/run/none', 'unix@/run/other', '127.0.0.1:1'])
  expect(output.match(/\[WARNING\].*/g)?.map((line) => line.replace(/\(\d+\)/, '(N)'))).toEqual([
    `[WARNING]  (N) : ${WARNING}`,
  ])
})

it('does not warn if it is not needed, or available', async () => {
  expect(await started(['--import', './without-koffi.mjs'], ['127.0.0.1:1'])).not.toContain('WARNING')
  expect(await started([], ['/run/none'])).not.toContain('koffi')
})
