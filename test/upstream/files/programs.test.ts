/** Programs that work with files do here what they do in the real Lua, and leave the same files behind. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { PROGRAMS } from './programs.js'
import { describeWithLua, here, withRealLua } from './side-by-side.js'

const prepare = (folder: string): void => {
  const inside = (name: string) => join(folder, name)
  writeFileSync(inside('data.txt'), 'first line\n12 0x10\n\nlast')
  mkdirSync(inside('folder'))
  mkdirSync(inside('outer/deep'), { recursive: true })
  writeFileSync(inside('folder/inside'), 'inside')
  writeFileSync(inside('outer/inside'), 'outer')
  symlinkSync('data.txt', inside('link'))
  symlinkSync('made', inside('dangling'))
  symlinkSync('folder', inside('folder-link'))
  symlinkSync('outer/deep', inside('deep-link'))
  symlinkSync('loop', inside('loop'))
}

describeWithLua('a program that works with files', () => {
  it('has more than two hundred companions', () => expect(PROGRAMS.length).toBeGreaterThan(200))
  it.each(PROGRAMS)('%s', (_, program) => {
    expect(here(program, prepare)).toEqual(withRealLua(program, prepare))
  })
})
