/** Generates the texts that library functions read: formats, patterns, layouts of packed values, dates, parts of programs. */
import type { Choices } from './choices.js'

const several = (choices: Choices, most: number, part: () => string): string =>
  Array.from({ length: 1 + choices.below(most) }, part).join('')

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`

/** A format of `string.format`; `%p` is not among them, as it shows addresses. */
export const format = (choices: Choices): string =>
  quoted(
    several(choices, 3, () =>
      choices.oneOf<string>([
        [8, () => `%${directive(choices)}`],
        [1, () => choices.pick(['a', ' ', '%%', '|', '\\0', '%', '%y', '%5'])],
      ]),
    ),
  )

const directive = (choices: Choices): string => {
  const flags = choices.oneIn(2) ? choices.pick(['-', '+', ' ', '#', '0', '-0', '+-', '--']) : ''
  const width = choices.oneIn(2) ? choices.pick(['1', '5', '20', '99', '100']) : ''
  const precision = choices.oneIn(2) ? choices.pick(['.', '.0', '.1', '.3', '.20', '.99', '.100']) : ''
  return `${flags}${width}${precision}${choices.pick([...'ddixXouaAeEfgGcsssq'])}`
}

const CLASSES = ['.', '%a', '%d', '%w', '%s', '%p', '%x', '%l', '%u', '%c', '%A', '%D', '%z', 'a', 'b', '%.', '[abc]', '[^a]', '[a-c]', '[%w_]', '[%a-z]', '[]]', '[^]]', '[-a]', '[a-]', '[%]]'] // prettier-ignore

/** A pattern, now and then one that is malformed. */
export const anyPattern = (choices: Choices): string => {
  const part = (): string =>
    choices.oneOf<string>([
      [8, () => `${choices.pick(CLASSES)}${choices.pick(['', '', '*', '+', '-', '?'])}`],
      [2, () => `(${choices.pick(CLASSES)}${choices.pick(['', '*', '+', '-', '?'])})`],
      [1, () => choices.pick(['()', '(()a)', '%b()', '%bab', '%f[%w]', '%f[^%s]', '%1', '%2'])],
      [1, () => choices.pick(['(', ')', '[', '%', '[%', '[a', '%b', '%f', '%0', '$', '^', '*'])],
    ])
  const [start, end] = [choices.pick(['', '', '', '^']), choices.pick(['', '', '', '$'])]
  return quoted(`${start}${several(choices, 3, part)}${end}`)
}

/** What `string.gsub` replaces by. */
export const replacement = (choices: Choices): string =>
  quoted(several(choices, 3, () => choices.pick(['%0', '%1', '%2', '%%', 'x', '<', '>', '', '%', '%a', '%9'])))

/** A layout of `string.pack`. */
export const layout = (choices: Choices): string =>
  quoted(
    several(choices, 4, () =>
      choices.oneOf<string>([
        [6, () => choices.pick([...'bBhHiIlLjJTfdnzs'])],
        [2, () => `${choices.pick(['i', 'I', 's'])}${choices.pick(['1', '2', '3', '4', '7', '8', '9', '16', '17', '0'])}`],
        [2, () => choices.pick(['<', '>', '=', '!', '!1', '!2', '!4', '!8', '!3', ' '])],
        [1, () => choices.pick(['x', 'Xi4', 'Xd', 'X', 'c0', 'c3', 'c', 'y'])],
      ]),
    ),
  ) // prettier-ignore

/** A format of `os.date` for UTC. */
export const dateFormat = (choices: Choices): string =>
  quoted(`!${several(choices, 3, () => choices.pick([...'aAbBcCdDeFgGhHIjmMnprRStTuUVwWxXyYzZ%'].map((c) => `%${c}`).concat(['-', ' ', 'Ey', '%Ey', '%Od', '%E', '%Q', '%'])))}`) // prettier-ignore

/** Text that looks like a number, more or less. */
export const numeral = (choices: Choices): string =>
  quoted(
    choices.pick(['', '', '', ' ', '-', '+', '- ', '\\t']) +
      choices.oneOf<string>([
        [3, () => several(choices, 3, () => choices.pick(['0', '1', '9', '10', '255', '999999999', '18446744073709551616']))],
        [2, () => `0x${several(choices, 3, () => choices.pick(['0', '1', 'f', 'F', 'ff', 'ffffffffffffffff', '.', 'p1', 'p-1', 'p']))}`],
        [3, () => `${choices.pick(['', '0', '1', '12', '9007199254740993'])}.${choices.pick(['', '0', '5', '25', '000001'])}`],
        [2, () => `${choices.pick(['1', '9', '0', '1.5', '.5'])}${choices.pick(['e', 'E'])}${choices.pick(['1', '+2', '-3', '308', '309', '-324', '', '+'])}`],
        [1, () => choices.pick(['inf', 'nan', 'abc', '1 2', '1e', '0x', '1_000', 'z', 'Zz', '7fffffffffffffff'])],
      ]) +
      choices.pick(['', '', '', ' ', '\\n', '\\0', 'x']),
  ) // prettier-ignore

/** Programs and parts of programs, most of which do not compile. */
export const snippet = (choices: Choices): string => {
  const words = ['x', 'y', '=', '=', '1', '2.5', '"s"', '(', ')', '{', '}', '[', ']', ',', ';', '.', ':', '..', '...', '+', '-', '//', '~', '~=', '==', '#', 'not', 'and', 'or', 'local', 'function', 'end', 'return', 'if', 'then', 'else', 'do', 'while', 'repeat', 'until', 'for', 'in', 'goto', '::', 'break', 'nil', '<const>', '<close>', '<x>', '0x', '1e', "'", '[[', ']]', '--', '\\n', '\\\\', '@', '$', '\\0'] // prettier-ignore
  const whole = ['return ...', 'local x <const> = 1; x = 2', 'goto l', '::l:: ::l::', 'break', 'for i = 1 do end', 'local function f() return f end return f', 'do local x <close> = nil end', 'x = }', 'return return', 'local t = {1, 2; 3, x = 1, [2] = 3} return #t', 'goto l; local a; ::l:: print(a)', 'repeat local x until x goto l', 'return 1,', 'x.y:z "s" {}', 'a.b = 1 c', 'f() = 1', 'local a <close>, b <close> = nil', "return '\\\\q'", "return '\\\\300'", "return '\\\\u{110000000}'", "return '\\\\xZZ'", 'return "abc', 'return [==[ x', '--[[ x', 'return 3x', 'return 0xep1', 'return ~1', 'x = 1 = 2', 'and = 1', 'local 1', 'function f(a, ..., b) end', 'function f.a:b.c() end', 'return function(...) local a, b = ... return b, a end'] // prettier-ignore
  return quoted(
    choices.oneIn(2) ? choices.pick(whole) : Array.from({ length: 1 + choices.below(7) }, () => choices.pick(words)).join(' '),
  ).replaceAll('\\\\', '\\') // prettier-ignore
}
