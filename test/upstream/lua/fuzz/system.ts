/** Generates calls of the libraries io, os and package: reading the script itself, and what fails. */
import { anything, expression } from './expressions.js'
import type { Scope } from './scope.js'

/** A statement that reads a file, or fails to. */
export const system = (scope: Scope): string => {
  const { choices } = scope
  const any = (): string => anything(scope, 1)
  const name = (): string => choices.pick(['"absent"', '"x.lua"', '""', '"absent/x"', '"x.lua/x"', '"a\\0b"', '"x.lua\\0x"', any()]) // prettier-ignore
  return choices.oneOf<string>([
    [4, () => reading(scope)],
    [1, () => `show(pcall(io.open, ${name()}, ${choices.pick(['"r"', '"rb"', '"rbb"', '"x"', '""', '"r\\0"', '"+r"', 'nil', '{}'])}))`],
    [1, () => `do local n = 0 show(pcall(function(...) for a, b in io.lines(${name()}, ${choices.pick(['1', '5, "l"', '"L"', '"n"', '"x"', '0', '"a"', '5, 5, 5'])}) do n = n + 1 show(a, b) if n > 2 then break end end end)) end`],
    [1, () => `show(pcall(io.${choices.pick(['type', 'close', 'read', 'input'])}, ${choices.pick(['"absent", "x"', '"x"', '{}', '1, "q"', '0/0'])}))`],
    [1, () => `show(pcall(io.popen, ${any()}, ${choices.pick(['"x"', '""', '"rw"', '"q\\0"', '{}'])}))`],
    [1, () => `show(io.type(${choices.pick(['io.stdout', 'io', '1', 'nil', any()])}), io.read(${choices.pick(['', '0', '"a"', '"n"', '"l", "L"', '5', '0, "a", "a", 0'])}))`],
    [1, () => `show(pcall(os.setlocale, ${choices.pick(['"C"', '"POSIX"', '"absent"', 'nil', '"C\\0"', '1'])}${choices.pick(['', ', "all"', ', "time"', ', "x"', ', nil', ', "numeric\\0"'])}))`],
    [1, () => `show(pcall(os.getenv, ${choices.pick(['"ABSENT"', '""', '"A\\0"', '"="', any()])}))`],
    [1, () => `show(pcall(${choices.pick(['loadfile', 'dofile'])}, ${choices.pick(['"absent"', '"absent\\0"', '{}', '"", "x"', '"absent", {}'])}))`],
    [1, () => `show(pcall(require, ${choices.pick(['"absent"', '"a.b"', '""', '"a\\0b"', '1', '{}', '"string"', '"_G"', '"a/b"'])}))`],
    [1, () => `show(pcall(package.searchpath, ${expression(scope, 'string', 0)}, ${choices.pick(['"?"', '"?.x;y/?"', '";;"', '""', '"?;?"', '"x.lua"', '"?.lua"'])}${choices.pick(['', ', "."', ', "", "/"', ', "a", "b"', ', "l", nil'])}))`],
  ]) // prettier-ignore
}

/** Reads the script in several ways, perhaps beyond its end and after it is closed. */
const reading = (scope: Scope): string => {
  const { choices } = scope
  const formats = (): string => Array.from({ length: 1 + choices.below(3) }, () => choices.pick(['"l"', '"L"', '"n"', '0', '1', '5', '20', '"*l"', '"*n"', '"x"', '""', '"lx"', '2.0', '1.5', '-1', '"5"'])).join(', ') // prettier-ignore
  const step = (): string =>
    choices.oneOf<string>([
      [4, () => `f:read(${formats()})`],
      [2, () => `f:seek(${choices.pick(['', '"cur"', '"set"', '"end"', '"x"', 'nil', '"set\\0"'])})`],
      [3, () => `f:seek(${choices.pick(['"cur"', '"set"', '"end"'])}, ${choices.pick(['0', '1', '-1', '5', '100', '-100', '-5', '1.0', '1.5', '"7"', '{}', '1 << 20', '-(1 << 40)'])})`],
      [1, () => `f:lines(${formats()})()`],
      [1, () => `f:write(${choices.pick(['"x"', '1', '{}', ''])})`],
      [1, () => `f:setvbuf(${choices.pick(['"no"', '"full"', '"line", 10', '"x"', '"full", "x"', ''])})`],
      [1, () => `f:flush()`],
      [1, () => `f:close()`],
      [1, () => choices.pick(['io.type(f)', 'f.x', '#f', 'f .. ""', 'f < f', 'f.read()', 'f.read(1)', 'f == f', 'masked(tostring(f))', 'f:absent()', 'getmetatable(f).__name', 'io.close(f)'])],
    ]) // prettier-ignore
  const steps = Array.from({ length: 2 + choices.below(4) }, () => `show(pcall(function(...) return ${step()} end))`)
  return `do
  local f${choices.pick([' <close>', ''])} = io.open("x.lua")
  show(f:seek("${choices.pick(['set', 'end'])}", ${choices.pick(['0', '30', '-20', '500', '-1', '1000'])}))
  ${steps.join('\n  ')}
  if io.type(f) == "file" then f:close() end
end`
}
