/** Commands of a few lines: `varnishtest`, `setenv`, `delay`, `filewrite`, `include`. */
import { SECOND } from '../../engine/clock.js'
import { decimal } from '../arguments.js'
import { Failure } from '../failure.js'
import { execute } from '../interpreter.js'
import type { Command, Nested, Test } from '../test.js'

/** `varnishtest "…"`, `vtest "…"`: the title of a test. */
export const title: Command<Test> = (words, _, actor) => {
  actor.log(1, `VTEST ${words.text('the title of the test')}`)
  words.end()
}

export const setenv: Command<Test> = (words, test) => {
  let name = words.text('the name of the variable')
  const onlyIfUnset = name === '-ifunset'
  if (onlyIfUnset) name = words.text('the name of the variable')
  const value = words.text('the value of the variable')
  words.end()
  if (onlyIfUnset && Object.hasOwn(test.environment, name)) return
  test.environment[name] = value
}

export const delay: Command<Nested> = function* (words, _, actor) {
  const word = words.text('the number of seconds')
  words.end()
  const seconds = decimal(word)
  if (Number.isNaN(seconds)) throw new Failure(`Syntax error in number (${word})`)
  actor.log(3, `delaying ${seconds} second(s)`)
  const until = actor.test.world.now + Math.max(0, Math.round(seconds * SECOND))
  yield { what: `${seconds} s to pass`, ready: () => false, until }
}

export const filewrite: Command<Test> = (words, test) => {
  let path = words.text('the path of the file')
  const append = path === '-a'
  if (append) path = words.text('the path of the file')
  const content = words.rest.map(({ text }) => text).join('')
  const problem = test.world.writeFile(path, content, append)
  if (problem) throw new Failure(`Cannot open ${path}: ${problem.error}`)
}

export const include: Command<Nested> = function* (words, { commands, subject }, actor) {
  let path = words.text('the path of the file')
  for (let next: string | undefined = path; next !== undefined; next = words.next()) {
    path = next
    const text = actor.test.world.readFile(path)
    if (typeof text !== 'string') throw new Failure(`CMD include: Unable to read file '${path}' (${text.error})`)
    actor.log(2, `Begin include '${path}'`)
    yield* execute({ text, file: path, line: 1 }, commands, subject, actor)
    actor.log(2, `End include '${path}'`)
  }
}
