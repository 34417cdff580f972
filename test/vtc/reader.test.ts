/** Texts of varnishtest's language are split into commands and their parts, and macros are expanded. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MacroProblem, Macros, stringMacro } from '../../src/vtc/reader/macros.js'
import { CommandReader, SyntaxProblem } from '../../src/vtc/reader/words.js'

const read = (text: string): string[][] => {
  const reader = new CommandReader({ text, file: 'a.vtc', line: 1 })
  const commands: string[][] = []
  for (let command = reader.next(); command; command = reader.next())
    commands.push(command.words.map((word) => word.text))
  return commands
}

const linesOf = (text: string): number[] => {
  const reader = new CommandReader({ text, file: 'a.vtc', line: 1 })
  const lines: number[] = []
  for (let command = reader.next(); command; command = reader.next()) lines.push(command.line)
  return lines
}

describe('commands', () => {
  it.each<[string, string[][]]>([
    ['a b  c', [['a', 'b', 'c']]],
    ['a\nb', [['a'], ['b']]],
    ['# a\n  # b\nc # d', [['c', '#', 'd']]],
    ['a \\\n  b', [['a', 'b']]],
    ['a "b c" d', [['a', 'b c', 'd']]],
    ['a "b"c', [['a', 'b', 'c']]],
    ['a "" b', [['a', '', 'b']]],
    ['a "\\n\\r\\t\\"\\\\\\x41\\101\\0"', [['a', '\n\r\t"\\AA\0']]],
    ['a {b\n{c}\n"} d', [['a', 'b\n{c}\n"', 'd']]],
    ['a b{c d}', [['a', 'b{c', 'd}']]],
    ['', []],
    ['\n \n', []],
  ])('%j', (text, expected) => {
    expect(read(text)).toEqual(expected)
  })

  it('know their lines', () => {
    expect(linesOf('a\n\n# b\nc {\n\n} d\ne \\\nf\ng')).toEqual([1, 4, 7, 9])
  })

  it.each([
    ['a\n"b', 2, 'a quoted word does not end on its line'],
    ['"a\n"', 1, 'a quoted word does not end on its line'],
    ['a {\n{\n}', 1, "the brace '{' has no matching '}'"],
    ['a "\\y"', 1, "unknown escape '\\y' in a quoted word"],
    ['a "\\', 1, "unknown escape '\\' in a quoted word"],
    [`a\n${'b '.repeat(300)}`, 2, 'a command has at most 199 words'],
  ])('%j is an error with its line', (text, line, message) => {
    const error = (() => {
      try {
        return read(text)
      } catch (problem) {
        return problem as SyntaxProblem
      }
    })()
    expect(error).toMatchObject({ line, message })
  })

  it('are the same once they are written in quotes and read again', () => {
    const word = fc.string({ unit: 'binary', maxLength: 8 }).filter((text) => !/[^\0-\xff]/.test(text))
    fc.assert(
      fc.property(fc.array(fc.array(word, { minLength: 1, maxLength: 5 }), { maxLength: 5 }), (commands) => {
        const quote = (text: string): string =>
          `"${text.replace(/[^ !#-[\]-~]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`
        const text = commands.map((words) => words.map(quote).join(' ')).join('\n')
        expect(read(text)).toEqual(commands)
      }),
    )
  })

  it('are read from any text, or the text is an error', () => {
    const piece = fc.constantFrom('{', '}', '"', '\\', '\n', ' ', '#', '${', 'a', 'server s1', '\\\n', '\\x', '\0')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        try {
          read(pieces.join(''))
        } catch (error) {
          if (!(error instanceof SyntaxProblem)) throw error
        }
      }),
      { numRuns: 1000 },
    )
  })
})

describe('macros', () => {
  const macros = new Macros()
  macros.define('a', 'b')
  macros.define('nested', '${a}')
  macros.define('string', stringMacro)
  macros.defineAddress('s1', '127.0.0.1', 80)
  macros.defineAddress('s6', '::1', 80)

  it.each([
    ['x${a}y${a}', 'xbyb'],
    ['${nested}', '${a}'],
    ['${a', '${a'],
    ['$a {a}', '$a {a}'],
    ['${s1_addr} ${s1_port} ${s1_sock}', '127.0.0.1 80 127.0.0.1:80'],
    ['${s6_sock}', '[::1]:80'],
    ['${string,repeat,3,ab}', 'ababab'],
    ['${string, repeat, 2, "a,b"}', 'a,ba,b'],
  ])('%s is %s', (text, expected) => {
    expect(macros.expand(text)).toBe(expected)
  })

  it.each([
    ['${b}', 'Macro ${b} not found'],
    ['${}', 'Macro ${} not found'],
    ['${a,b}', 'Macro ${a,b} failed: macro does not take arguments'],
    ['${string}', 'Macro ${string} failed: missing action'],
    ['${string,cut}', 'Macro ${string,cut} failed: unknown action'],
    ['${string,repeat,x,y}', 'Macro ${string,repeat,x,y} failed: invalid number of repetitions'],
  ])('%s is an error', (text, message) => {
    expect(() => macros.expand(text)).toThrow(new MacroProblem(message))
  })

  it('are left as they are where unknown ones are ignored', () => {
    const lenient = new Macros()
    lenient.ignoresUnknown = true
    expect(lenient.expand('${b} ${HAPROXY_TEST_TIMEOUT-5s}')).toBe('${b} ${HAPROXY_TEST_TIMEOUT-5s}')
  })
})
