/** Small programs that work with files: each prints what it sees. `data.txt`, `folder` and some links are there (see the test). */

const MODES = ['r', 'w', 'a', 'r+', 'w+', 'a+', 'rb', 'wb', 'ab', 'r+b', 'w+b', 'a+b']

/** One program for each mode of `io.open`. */
const inAllModes = (name: string, program: (mode: string) => string): [string, string][] =>
  MODES.map((mode) => [`${name}, mode ${mode}`, program(mode)])

const LOOK = 'local f = io.open("data.txt") print(f:read("a"))'

export const PROGRAMS: readonly (readonly [name: string, program: string])[] = [
  ...inAllModes('reading what is there', (mode) => `print(io.open("data.txt", "${mode}"):read("l", "n", "a"))`),
  ...inAllModes('writing to what is there', (mode) => {
    return `local f = io.open("data.txt", "${mode}") print(f:write("new", 1, 2.5)) print(f:close()) ${LOOK}`
  }),
  ...inAllModes(
    'a file that is not there',
    (mode) => `print(io.open("absent", "${mode}")) print(io.open("no/where", "${mode}"))`,
  ),
  ...inAllModes('where a file begins', (mode) => {
    return `local f = io.open("data.txt", "${mode}") print(f:seek(), f:seek("end"), f:seek("set", 2), f:seek("cur", 1))`
  }),
  ...inAllModes('writing, then reading without a seek between', (mode) => {
    return `local f = io.open("data.txt", "${mode}") print(f:write("abc")) print(f:read(3)) print(f:seek()) f:close() ${LOOK}`
  }),
  ...inAllModes('reading, then writing without a seek between', (mode) => {
    return `local f = io.open("data.txt", "${mode}") print(f:read(3)) print(f:write("abc")) print(f:seek()) f:close() ${LOOK}`
  }),
  ...inAllModes('what another handle sees before and after a flush', (mode) => {
    return `local f = io.open("data.txt", "${mode}") f:write("unseen") ${LOOK} print(f:flush()) ${LOOK}`
  }),
  ...inAllModes('a folder', (mode) => `local f, m, n = io.open("folder", "${mode}") print(f and f:read("a"), m, n)`),
  ...['rw', 'x', '', 'r++', 'rb+', 'r+b', 'wx', 'R', 'r '].map((mode): [string, string] => [
    `the mode '${mode}'`,
    `print(pcall(io.open, "data.txt", "${mode}"))`,
  ]),

  ['floats', 'io.write(10/2, " ", 3.0, " ", 2^31, " ", -0.0, " ", 1e15, " ", 1e100, " ", 2^53, " ", 0.1, "\\n")'],
  ['infinities', 'io.write(1/0, " ", -1/0, "\\n")'],
  ['integers', 'io.write(5, " ", math.mininteger, " ", 5 // 1, " ", 5.0 // 1, "\\n")'],
  [
    'floats in a file',
    `local f = io.open("n", "w") f:write(1.0, " ", 1e3, " ", 12.5, " ", "1.0") f:close() for l in io.lines("n") do print(l) end`,
  ],
  ['what cannot be written', 'print(pcall(io.write, {})) print(pcall(io.write, nil)) print(pcall(io.write, true))'],
  ['writing keeps arguments', 'local n = 3.0 io.write(n, "\\n") print(n, math.type(n))'],
  ['nothing written', 'local f = io.open("data.txt") print(f:write(), f:write(""))'],
  [
    'writing to a file that is open to read',
    'local f = io.open("data.txt") print(f:write("a")) print(f:write("a", "b")) print(f:read(3))',
  ],
  [
    'reading from a file that is open to write',
    'local f = io.open("n", "w") print(f:read()) print(f:read(0)) print(f:read("a")) print(pcall(f:lines()))',
  ],

  [
    'a block arrives when it is full',
    'local f = io.open("n", "w") f:write(("x"):rep(4095)) print(#io.open("n"):read("a")) f:write("y") print(#io.open("n"):read("a")) f:write("z") print(#io.open("n"):read("a"))',
  ],
  [
    'ten thousand bytes',
    'local f = io.open("n", "a") for i = 1, 1000 do f:write("0123456789") end print(#io.open("n"):read("a"))',
  ],
  [
    'ten thousand bytes at once',
    'local f = io.open("n", "w") f:write("a", ("x"):rep(10000)) print(#io.open("n"):read("a"))',
  ],
  ['a file that is not closed', 'io.open("n", "w"):write("abc")'],
  ['files that are not closed', 'for i = 1, 5 do io.open("n" .. i, "w"):write("abc", i) end'],
  [
    'two that append',
    'local a, b = io.open("n", "a"), io.open("n", "a") a:write("1") b:write("2") a:write("3") b:flush() a:flush()',
  ],
  [
    'one that appends and one that empties',
    'local a = io.open("n", "a") a:write("one") a:flush() local b = io.open("n", "w") b:write("2") b:flush() a:write("three")',
  ],
  [
    'what is written after a file was emptied',
    'local a = io.open("n", "w") a:write("12345") a:flush() io.open("n", "w"):close() a:write("6")',
  ],
  [
    'a file that is removed and written to',
    'local f = io.open("n", "w") print(os.remove("n")) print(f:write("x")) print(f:close()) print(io.open("n"))',
  ],
  [
    'a file that is renamed and written to',
    'local f = io.open("n", "w") f:write("a") print(os.rename("n", "m")) f:write("b") f:close()',
  ],
  [
    'a file that grows while it is read',
    'local w, r = io.open("n", "w"), io.open("n") print(r:read("a")) w:write("one\\n") w:flush() print(r:read()) w:write("two") w:flush() print(r:read("L")) print(r:read())',
  ],

  ...['"no"', '"full"', '"line"', '"full", 16', '"line", 16', '"no", 16'].map((mode): [string, string] => [
    `setvbuf(${mode})`,
    `local f = io.open("n", "w") print(f:setvbuf(${mode})) f:write("a") print(#io.open("n"):read("a")) f:write("b\\nc") print(#io.open("n"):read("a")) f:write(("x"):rep(20)) print(#io.open("n"):read("a"))`,
  ]),
  [
    'setvbuf with something unwritten',
    'local f = io.open("n", "w") f:write("abc") print(f:setvbuf("no")) print(io.open("n"):read("a")) f:write("d") print(io.open("n"):read("a"))',
  ],
  [
    'wrong arguments of setvbuf',
    'local f = io.open("data.txt") print(pcall(f.setvbuf, f)) print(pcall(f.setvbuf, f, "x")) print(pcall(f.setvbuf, f, "no", "x"))',
  ],

  ...[
    '"n"',
    '"l"',
    '"L"',
    '"a"',
    '0',
    '1',
    '3',
    '100',
    '"n", "n"',
    '"l", "l", "l", "l", "l", "l"',
    '"*l"',
    '"*a"',
    '"*n"',
    '2, "l"',
  ].map((formats): [string, string] => [
    `read(${formats})`,
    `local f = io.open("data.txt") print(f:read(${formats})) print(f:seek()) print(f:read(${formats}))`,
  ]),
  ['read of a negative number', 'print(pcall(io.open("data.txt").read, io.open("data.txt"), -1))'],
  ['read of very much', 'print(pcall(io.open("data.txt").read, io.open("data.txt"), 1 << 40))'],
  [
    'an unknown format',
    'local f = io.open("data.txt") print(pcall(f.read, f, "x")) print(pcall(f.read, f, "")) print(pcall(f.read, f, {}))',
  ],
  [
    'at the end',
    'local f = io.open("data.txt") f:seek("end") print(f:read(), f:read("a"), f:read("n"), f:read(0), f:read(1))',
  ],
  ...[
    '12',
    '-7.5e3',
    '0x1F',
    '0x.8p1',
    ' \\n 5',
    '+',
    '.',
    '1e',
    '0x',
    'nan',
    '1..2',
    '99999999999999999999',
    '1e+5x',
    '--1',
  ].map((text): [string, string] => [
    `the numeral '${text}'`,
    `local f = io.open("n", "w") f:write("${text} rest") f:close() f = io.open("n") print(f:read("n")) print(f:read("a"))`,
  ]),
  [
    'a numeral of 300 digits',
    'local f = io.open("n", "w") f:write(("1"):rep(300)) f:close() f = io.open("n") print(f:read("n")) print(f:read("a"))',
  ],

  ['lines', 'for line in io.lines("data.txt") do io.write("[", line, "]") end print()'],
  ['lines with formats', 'for a, b in io.lines("data.txt", 2, "l") do print(a, b) end'],
  ['lines of a file that is not there', 'print(pcall(io.lines, "absent"))'],
  ['lines of a folder', 'print(pcall(function() for line in io.lines("folder") do print(line) end end))'],
  [
    'lines close their file',
    'local next, _, _, f = io.lines("data.txt") while next() do end print(f) print(pcall(next))',
  ],
  ['lines that are left', 'local file for line in io.lines("data.txt") do file = line break end print(file)'],
  [
    'lines of a handle stay open',
    'local f = io.open("data.txt") for line in f:lines() do end print(io.type(f), f:read())',
  ],
  ['lines with too many formats', 'print(pcall(io.lines, "data.txt", table.unpack({}, 1, 251)))'],

  ...[
    '"set"',
    '"cur"',
    '"end"',
    '"set", 3',
    '"set", -1',
    '"cur", -1',
    '"end", -2',
    '"end", 5',
    '"set", 2.0',
    '"cur", math.maxinteger',
    '"set", 1 << 60',
  ].map((argument): [string, string] => [
    `seek(${argument})`,
    `local f = io.open("data.txt") f:read(2) print(f:seek(${argument})) print(f:read(4)) print(f:seek())`,
  ]),
  [
    'wrong arguments of seek',
    'local f = io.open("data.txt") print(pcall(f.seek, f, "x")) print(pcall(f.seek, f, "set", "x")) print(pcall(f.seek, f, "set", 1.5))',
  ],
  [
    'a hole',
    'local f = io.open("n", "w") print(f:seek("set", 10000)) f:write("x") f:close() print(#io.open("n"):read("a"), (io.open("n"):read(3):byte(1, -1)))',
  ],
  [
    'seek before a write of one that appends',
    'local f = io.open("data.txt", "a") print(f:seek("set")) f:write("x") print(f:seek()) f:close() print(io.open("data.txt"):read("a"))',
  ],

  [
    'closed files',
    'local f = io.open("data.txt") print(f:close()) for _, m in ipairs { "read", "write", "seek", "flush", "lines", "close", "setvbuf" } do print(pcall(f[m], f)) end print(io.type(f), f)',
  ],
  [
    'a variable that is closed',
    'local g do local f <close> = io.open("n", "w") f:write("x") g = f end print(g, io.open("n"):read("a"))',
  ],
  ['io.type', 'print(io.type(io.stdout), io.type(5), io.type(io.open("data.txt")), pcall(io.type))'],
  [
    'io.input',
    'io.input("data.txt") print(io.read()) print(io.read("n")) io.close(io.input()) print(pcall(io.read)) print(pcall(io.lines))',
  ],
  [
    'io.output',
    'io.output("n") io.write("x", 1.0) print(io.type(io.output())) io.close() print(pcall(io.write, "y")) print(io.open("n"):read("a"))',
  ],
  [
    'io.output of a handle',
    'local f = io.open("n", "w") print(io.output(f) == f, io.output() == f) io.write("z") io.flush() print(io.open("n"):read("a"))',
  ],
  ['io.input that fails', 'print(pcall(io.input, "absent")) print(pcall(io.output, "no/where"))'],
  [
    'io.lines of the default input',
    'io.input("data.txt") for line in io.lines() do print(line) end print(io.type(io.input()))',
  ],
  [
    'standard files',
    'print(io.stdin:read("a"), io.stdin:read(), io.stdin:read(0)) print(io.stdout:seek()) print(io.stdout:close()) print(pcall(io.close, io.stderr))',
  ],
  [
    'a temporary file',
    'local f = io.tmpfile() print(f:write("hello\\n", 12)) print(f:seek("set")) print(f:read("l", "n")) print(f:seek("set", 3) , f:read("a")) print(f:close())',
  ],
  [
    'os.tmpname',
    'local n = os.tmpname() local f = io.open(n, "r") print(f:read("a")) f:close() print(os.remove(n), io.open(n) == nil)',
  ],

  [
    'removing',
    'print(os.remove("data.txt")) print(os.remove("data.txt")) print(os.remove("no/where")) print(os.remove("data.txt/x"))',
  ],
  [
    'removing folders',
    'print(os.remove("folder")) print(os.remove("folder/inside")) print(os.remove("folder/")) print(os.remove("folder"))',
  ],
  [
    'removing links',
    'print(os.remove("link")) print(os.remove("dangling")) print(os.remove("folder-link/")) print(os.remove("folder-link"))',
  ],
  [
    'removing dots',
    'print(os.remove(".")) print(os.remove("folder/..")) print(os.remove("")) print(os.remove("folder/."))',
  ],
  [
    'renaming',
    'print(os.rename("data.txt", "n")) print(os.rename("absent", "m")) print(os.rename("n", "folder")) print(os.rename("folder", "n")) print(os.rename("n", "folder/n"))',
  ],
  [
    'renaming a folder',
    'print(os.rename("folder", "folder/inside/deeper")) print(os.rename("folder", "moved")) print(io.open("moved/inside"):read("a"))',
  ],
  ['renaming links', 'print(os.rename("link", "other")) print(os.rename("dangling", "data.txt"))'],
  [
    'renaming dots',
    'print(os.rename(".", "n")) print(os.rename("folder/..", "n")) print(os.rename("", "n")) print(os.rename("data.txt", ""))',
  ],
  [
    'reading through links',
    'print(io.open("link"):read("a")) print(io.open("dangling")) print(io.open("folder-link/inside"):read("a")) print(io.open("loop"))',
  ],
  [
    'writing through links',
    'io.open("link", "w"):write("by link") io.open("dangling", "w"):write("made") io.open("folder-link/new", "w"):write("x") print(io.open("loop", "w"))',
  ],
  [
    '`..` after a link to a folder',
    'print(io.open("deep-link/../inside")) print(io.open("folder-link/../data.txt"):read("a"))',
  ],
  [
    'slashes at the end',
    'print(io.open("data.txt/")) print(io.open("folder/", "w")) print(io.open("new/", "w")) print(io.open("link/", "w")) print(os.remove("data.txt/"))',
  ],
  [
    'names',
    'print(io.open("")) print(io.open(("x"):rep(300))) print(io.open("data.txt\\0behind"):read("l")) print(io.open("./folder/../data.txt"):read("l")) print(io.open("ünï", "w"):close())',
  ],
  [
    'loadfile',
    'print(loadfile("absent")) print(loadfile("folder")) print(loadfile("data.txt")) print(pcall(dofile, "absent")) print(loadfile("data.txt/x"))',
  ],
  [
    'package.searchpath',
    'print(package.searchpath("data", "./?.txt")) print(package.searchpath("folder", "?")) print(package.searchpath("no.thing", "./?.txt;?/x"))',
  ],
  [
    '/dev/null',
    'print(io.open("/dev/null"):read("a")) local f = io.open("/dev/null", "w") print(f:write("x"), f:close()) print(io.open("/dev/null"):seek("end"))',
  ],
  ['/dev/zero', 'local f = io.open("/dev/zero") print(f:read(3) == "\\0\\0\\0", f:seek(), #f:read(5000))'],
  [
    '/dev/full',
    'local f = io.open("/dev/full", "w") print(f:write("x")) print(f:flush()) print(f:write(("x"):rep(5000))) print(f:close()) print(#io.open("/dev/full"):read(10))',
  ],
  ['/dev/urandom', 'local f = io.open("/dev/urandom", "rb") print(#f:read(16), #f:read(5000), f:close())'],
  ['a chunk from /dev/null', 'print(pcall(loadfile("/dev/null")))'],
]
