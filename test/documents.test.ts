/** What the documents show is what happens: commands are run, examples pasted, and files and pages that are named are there. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { Simulation } from '../src/index.js'
import { build, root } from './support/build.js'
import { temporaryFolder } from './support/temporary-folder.js'

const PAGES = ['README.md', 'ARCHITECTURE.md', ...readdirSync('docs').map((name) => `docs/${name}`)]

const read = (page: string): string => readFileSync(page, 'utf8')

/** The block of code that stands first after `text`. */
const blockAfter = (page: string, text: string): string => {
  const after = read(page).split(text)[1]
  return /```\w*\n([^]*?)```/.exec(after ?? '')![1]!
}

beforeAll(build, 60_000)

const hapsim = (args: readonly string[]): string =>
  spawnSync(process.execPath, ['dist/cli/main.js', ...args], {
    cwd: root,
    env: { ...process.env, FORCE_COLOR: undefined, COLUMNS: undefined },
    encoding: 'utf8',
  }).stdout

describe('the README', () => {
  it('shows the output of the demo', () => {
    expect(hapsim(['run', 'lua/mailers.lua'])).toBe(blockAfter('README.md', 'The demo is'))
  })

  it('has an example in TypeScript with the results in its comments', () => {
    const example = blockAfter('README.md', '## Write tests').replace(/^import .*$/m, '')
    const output: [unknown, string][] = []
    const checked = example.replace(/^(\S.*) \/\/ ('.*')$/gm, 'say($1, $2)')
    new Function('Simulation', 'say', checked)(Simulation, (value: unknown, comment: string) =>
      output.push([value, comment]),
    )
    expect(output).toHaveLength(3)
    for (const [value, comment] of output)
      if (comment.endsWith('…')) expect(value).toContain(comment.slice(0, -1))
      else expect(value).toBe(comment)
  })
})

describe.each([
  ['test-an-action', 'auth', 'requests_test.lua'],
  ['test-a-service', 'services', 'clients_test.lua'],
])('the page %s', (name, script, second) => {
  const folder = temporaryFolder(script)
  const page = `docs/${name}.md`
  const withoutTime = (text: string): string => text.replace(/ \([\d.]+ s\)/g, '')
  const save = (file: string) => writeFileSync(join(folder, file), blockAfter(page, `\`${file}\``))
  const run = (...args: string[]) => spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
  /** Runs a command of the page and compares the output. */
  const compare = (command: string) => {
    const [, , ...args] = command.split(' ')
    const shown = read(page).split(`$ ${command}\n`)[1]!.split('```')[0]!
    expect(withoutTime(run(join(root, 'dist/cli/main.js'), 'test', ...args).stdout)).toBe(withoutTime(shown))
  }

  it('has files with which its tests pass', () => {
    for (const file of [`${script}.lua`, 'haproxy.cfg', `${script}_test.lua`]) save(file)
    compare('hapsim test')
    save(second)
    compare(`hapsim test ${second}`)
  })

  it('shows in TypeScript what the calls return', () => {
    const checked = blockAfter(page, 'In TypeScript')
      .replace("'hapsim'", `'${join(root, 'dist/index.js')}'`)
      .replace(/^(.*) \/\/ (.*)$/gm, 'assert.deepStrictEqual($1, $2)')
    writeFileSync(join(folder, 'calls.mjs'), `import assert from 'node:assert'\n${checked}`)
    expect(run('calls.mjs')).toMatchObject({ status: 0, stderr: '' })
  })
})

it('the page about exploring shows the output of its first command, except for the duration', () => {
  const page = 'docs/explore.md'
  const withoutTime = (text: string) => text.replace(/ in [\d.]+ s /, ' ')
  const [, file, action] = /^hapsim explore (\S+) --at '(.*)'\n$/.exec(blockAfter(page, '# '))!
  expect(withoutTime(hapsim(['explore', file!, '--at', action!]))).toBe(
    withoutTime(blockAfter(page, `${action}'\n\`\`\`\n`)),
  )
})

describe('names in documents', () => {
  const headings = (page: string) =>
    [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, text]) =>
      text!
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    )

  it.each(PAGES)('%s links to existing pages and headings', (page) => {
    for (const [, link] of read(page).matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
      const [target = '', heading] = link!.split('#')
      const file = target === '' ? page : join(dirname(page), target)
      expect(existsSync(file), link).toBe(true)
      if (heading !== undefined) expect(headings(file), link).toContain(heading)
    }
  })

  const FOLDERS = ['src', 'lua', 'test', 'bench', 'scripts', 'fixtures', 'templates']
  const files = [
    ...readdirSync('.').map((name) => `/${name}`),
    ...FOLDERS.flatMap((folder) =>
      readdirSync(folder, { recursive: true }).map((name) => `/${folder}/${name as string}`),
    ),
  ]

  it.each(PAGES)('%s names existing files of this project', (page) => {
    const named = [...read(page).matchAll(/`([\w./-]+\.(?:ts|mjs|cjs))`/g)].map(([, name]) => name!)
    for (const name of named)
      expect(
        files.some((file) => file.endsWith(`/${name}`)),
        name,
      ).toBe(true)
  })

  it('ARCHITECTURE.md lists the directories of src and of the repository', () => {
    const block = /## Directories\n\n```\n([^]*?)```/.exec(read('ARCHITECTURE.md'))![1]!
    const listed = [...block.matchAll(/^ {2}(\w+)\/ /gm)].map(([, name]) => name!)
    const there = readdirSync('src', { withFileTypes: true }).filter((each) => each.isDirectory())
    expect(listed.toSorted()).toEqual(there.map(({ name }) => name).toSorted())
    for (const [, folder] of block.matchAll(/^(\w+)\/ /gm)) expect(existsSync(folder!), folder).toBe(true)
  })

  it('ARCHITECTURE.md gives the reason for each package in package.json', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, object>
    const table = read('ARCHITECTURE.md').split('## Dependencies')[1]!
    const packages = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !name.startsWith('@types/'))
    const written = (name: string) => name.replace(/^istanbul(?!-lib-coverage)/, '').replace('@eslint/js', 'eslint')
    expect(packages.filter((name) => !table.includes(written(name)))).toEqual([])
  })
})
