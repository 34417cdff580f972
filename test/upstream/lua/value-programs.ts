/** Small programs about values: patterns, numbers as text, the library functions of older versions, arguments and their errors. */
const format = (conversion: string, ...values: readonly string[]): string =>
  `print(${values.map((value) => `pcall(string.format, ${JSON.stringify(conversion)}, ${value})`).join(', ')})`

const PATTERNS = [
  'print(("a\\0b"):gsub("%z", "|"), ("zebra"):find("%z"), ("zebra"):find("%Z"), ("\\0"):find("%Z"))',
  'print(("zone"):gsub(\'[%z\\1-\\31\\\\"]\', "?"), ("a\\0b\\1"):gsub(\'[%z\\1-\\31\\\\"]\', function(c) return ("\\\\u%04x"):format(c:byte()) end))',
  'print(("one two"):find("%f[%z]"), ("one"):gsub("%f[%z]", "|"), ("a\\0b"):gsub("%f[%z]", "|"), ("a\\0b"):gsub("%f[%Z]", "|"))',
  'print(("a\\0b\\0c"):gsub("[^%z]+", "x"), ("\\0\\0"):match("^%z+$") ~= nil, ("\\0z"):gsub("[%Z]", "x"))',
  'for w in ("a\\0bc\\0\\0d"):gmatch("%Z+") do print(w) end',
  'print(("f(a(b)c)d"):match("%b()"), ("\\0x\\1"):match("%b\\0\\1") ~= nil, ("aXXb"):match("%bXX"))',
  'print(("THE (quick) fox"):find("%((%a+)%)"), ("key = val"):match("^(%w+)%s*=%s*(%w+)$"))',
  'print(pcall(string.find, "a", "[a"), pcall(string.find, "a", "%"), pcall(string.find, "a", "(a"), pcall(string.find, "a", "%f"))',
  'print(("abc"):find("b", 1, true), ("abc"):find("b", -1, true), ("abc"):find("", 10), ("abc"):find("", 4))',
]

/** The integer 0 as a constant on the right of a subtraction, with operands whose sign shows. */
const MINUS_ZERO = [
  'local z = -0.0 print(z - 0, z - 0.0, z - 0 - 0, (-0.0) - (0), 1 * (z - 0) + (z - 0) * 2.0 - 0, (z - 0) - (z - 0))',
  'local function f(x) return x - 0 end print(f(-0.0), f(5), f(2^53), f(math.mininteger), f("-0.0"), pcall(f, {}))',
  'local function f(x) local s for i = 1, 3 do s = x - 0 end return s end for i = 1, 100 do f(i) f(-0.0) end print(f(-0.0))',
  'print((setmetatable({}, { __sub = function(_, other) return other end })) - 0)',
]

const FORMATS = [
  ...[
    '%5-d',
    '%-5.d',
    '%.5.3d',
    '%123d',
    '%.123d',
    '%5',
    '%',
    '%5.',
    '%y',
    '%-y',
    '%-5.2y',
    '%-5c',
    '%05c',
    '%#d',
    '%+u',
  ],
  ...[
    '%u',
    '%#x',
    '%+x',
    '%#q',
    '%5q',
    '%.3p',
    '%+s',
    '%.s',
    '%.3q',
    '%F',
    '%ld',
    '%n',
    '%05.3d',
    '%0-5d',
    '%+ d',
    '%.3c',
  ],
  ...[
    '%10.3a',
    '%1-c',
    '%..d',
    '%3.2.1f',
    '%00005d',
    '%0010d',
    '% 5d',
    '%5 d',
    '%010d',
    '%-010d',
    '%-5i',
    '%i',
    '%5.5o',
  ],
  ...[
    '%-+10.3e|',
    '%+#.0f',
    '% .0e',
    '%#.0g',
    '%#.3x',
    '%#o',
    '%08.3f',
    '%-08.3f|',
    '%+.3d',
    '% x',
    '%p',
    '%-20p',
    '%20.10s|',
  ],
].map((conversion) => format(conversion, '1', '"x"', '-2.5', '65'))

const LENGTHS = [0, 1, 17, 18, 19, 20, 21, 22, 30, 600].flatMap((count) => [
  `print(pcall(string.format, "%" .. ("0"):rep(${count}) .. "d", 1))`,
  `print(pcall(string.format, "%" .. ("-"):rep(${count}) .. "s", "a"))`,
])

const FLOATS = [
  'print(string.format("%.0e %.1e %.3g %g %.2g", 9.5, 99.5, 999.5, 9999995, 995))',
  'print(99999999999999.5, string.format("%g", 999999.5))',
  'for i = 1, 3 do print(10^(14+i) - 0.5*10^i) end',
  'for _, x in ipairs{ 0.5, 1.5, 2.5, 3.5, 4.5, 8.5, 9.5, 99.5, 0.125, 0.375, 2^-30, 5e-324, 1.25e-5 } do print(("%.0f %.1f %.2f %.3f %.0e %.1e %.2e %.1g %.2g %.3g"):format(x, x, x, x, x, x, x, x, x, x)) end',
  'for _, x in ipairs{ 5e14, 15e14, 25e14, 2^60, 2^62 + 2^10, 1e22, 1e23, 2^1000, 125e20, 375e20 } do print(("%.0e %.1e %.2e %.13e %.5g %.14g %.17g %.0f"):format(x, x, x, x, x, x, x, x)) end',
  'for _, x in ipairs{ 2^-40, 3 * 2^-60, 2^-1074, 2^-1022 * 1.5, 0.1 } do print(("%.60e %.99e %.99f %.40g %.99g"):format(x, x, x, x, x)) end',
  'for _, x in ipairs{ 0.000123, 0.00012345678901234567, 1e-5, 0.0001 } do print(("%.99g %#.99g %.98g %.17g"):format(x, x, x, x)) end',
  'for _, x in ipairs{ 1, 1.5, 1.9375, 1.96875, 15.5, 0.1, 5e-324, 2^-1022, 1e308 } do print(("%a %.0a %.1a %.2a %.12a %.13a %.20a %#.0a %A"):format(x, x, x, x, x, x, x, x, x)) end',
  'print(("%q %q %q %q %q"):format(0.1, 1.0, -0.0, 1e100, math.mininteger), ("%q"):format(1/0), ("%q"):format(-1/0))',
  'print(1e14, 1e15, 123456789012345.0, -1e15, 2^53, 2^63, -2^63, 1e100, 123.0, -0.0, 1e-10, 3.14159265358979)',
]

const POWERS = [
  'print(10^-4 == 1e-4, 10^-5 == 1e-5, 10^26 == 1e26, 0.5^-0.5 == 2^0.5)',
  'for i = -30, 22 do print(("%.17g"):format(10^i)) end',
  'for i = -308, 308, 5 do print(("%.17g %.17g"):format(10.0^i, 10.0^(i // 3))) end',
  'for _, b in ipairs{ 2, 3, 5, 7, -3, 0.1, 1.1, -0.5, 1e10, 1e-10 } do for e = -20, 20, 3 do print(("%.17g"):format(b^e)) end end',
  'print(0^0, 0^-1, (-0.0)^-1, (-0.0)^-2, (-0.0)^3, 1^(0/0), (0/0)^0, (-1)^(1/0), 2^(1/0), 2^(-1/0), 0.5^(1/0), (1/0)^-1, (-1/0)^3, (-1/0)^-3)',
  'print((-8)^(1/3) ~= (-8)^(1/3), 4^0.5, 2^0.5, (-0.0)^0.5, (-1/0)^0.5, 0^0.5, 9^-0.5, 1e300^0.5, 2^-1074, 2^-1075, 2^1023, 2^1024)',
  'print(1.0000001^1000, 0.9999999^1000, 1.5^100, 1.5^-100, 3^40, 3^33, 7^22, 10^22, 2^53, (2^53)^2, 1e154^2, 1e155^2)',
]

const OLDER_MATH = [
  'print(math.pow(2, 10), math.ldexp(1, 4), math.frexp(8))',
  'print(math.log10(100), math.log10(1000), math.cosh(0), math.sinh(0), math.tanh(0), math.log10(0.001))',
  'for _, x in ipairs{ 0, -0.0, 1/0, -1/0, 1, 0.5, 8, -3, 5e-324, 2^-1022, 1.7e308, 1e-310 } do print(math.frexp(x)) end',
  'for _, e in ipairs{ -1080, -1075, -1074, -1060, -1022, -1, 0, 1, 52, 1000, 1023, 1024, 2^31 | 0, 5000000000, -2^31 | 0 } do print(math.ldexp(1, e), math.ldexp(3, e), math.ldexp(-0.75, e), math.ldexp(5e-324, e)) end',
  'for _, x in ipairs{ 1, 3, 1.9999999999999998, 0.1 } do local m, e = math.frexp(x) print(m, e, math.ldexp(m, e) == x) end',
  'print(pcall(math.ldexp, 1, 1.5), pcall(math.ldexp, 1), pcall(math.frexp), pcall(math.pow, 1), pcall(math.log10, "x"))',
  'print(pcall(math.max), pcall(math.min), pcall(math.max, nil), pcall(math.max, "10", 2), math.max(1, 2.5), math.min(2^53, 2^53 + 1))',
]

const RANDOM = [
  'print(pcall(math.random, 2, 1), pcall(math.random, -3), pcall(math.random, 1, 2, 3), pcall(math.random, 1.5))',
]

/** The generator is 5.4's: 5.3 has the C library's. */
const RANDOM_54 = [
  'print(math.randomseed(1, 2)) print(math.randomseed(7)) print(pcall(math.randomseed, 1.5)) print(pcall(math.randomseed, "x")) print(math.randomseed("3"))',
  'math.randomseed(42) local a = math.random(0) math.randomseed(42) pcall(math.random, 2, 1) print(math.random(0) == a, math.random(100), math.random(3, 9), math.random())',
  'math.randomseed(42) pcall(math.random, 1, 2, 3) pcall(math.random, "x") print(math.random(0), math.random(1000), math.random())',
  'math.randomseed(1) for i = 1, 5 do print(math.random(0), math.random(10), math.random(-5, 5), math.random(math.mininteger, math.maxinteger)) end',
]

const CONVERSIONS = [
  'print(tonumber("+1Z", 36), tonumber("-0x1", 16), tonumber(" +7 ", 8), tonumber("+", 10), tonumber("- 1", 10), tonumber("+-1", 10), tonumber("+ff", 16))',
  'print(tonumber("7fffffffffffffff", 16), tonumber("ffffffffffffffff", 16), tonumber("10000000000000000", 16), tonumber("", 10), tonumber(" ", 10), tonumber("1 2", 10))',
  'print(tonumber("0x"), tonumber("0x.p1"), tonumber("0x.1"), tonumber("0x1p-1074"), tonumber("0x1.8p1"), tonumber("1e"), tonumber(".e1"), tonumber("1e+"), tonumber("infinity"), tonumber("nan"), tonumber("1_0"))',
  'print(tonumber("9223372036854775807"), tonumber("9223372036854775808"), tonumber("-9223372036854775808"), tonumber("-9223372036854775809"), tonumber("0x7fffffffffffffffff"))',
  'print(utf8.offset("a€b", 0), utf8.offset("a€b", 0, 3), utf8.offset("", 0), utf8.offset("a€b", 1), utf8.offset("a€b", -1), utf8.offset("a€b", 2), utf8.offset("a€b", 3), utf8.offset("a€b", 9))',
  'print(pcall(utf8.offset, "a€b", 1, 3), pcall(utf8.offset, "abc", 0, 9), utf8.offset("€€", 0, 5), utf8.offset("€", 0, 4))',
  'print(load(function() return {} end))',
  'print(pcall(load, function() return true end), pcall(load, function() error("x") end), pcall(load, function() error({}) end))',
  'local n = 0 print(load(function() n = n + 1 return ({ "return ", 12, 3.5, "" })[n] end))',
  'local n = 0 print(load(function() n = n + 1 return n < 3 and "return 1 + " or n == 3 and "2" or nil end)())',
]

/** Tables whose length a metamethod makes as large as an integer can be. */
const FAR_TABLES = [
  ...[
    'table.insert(t, "v")',
    'table.insert(t, 5, "v")',
    'table.remove(t)',
    'table.remove(t, math.maxinteger)',
    'table.insert(t, 0, "v")',
    'table.remove(t, 0)',
  ].map(
    (call) =>
      `local seen = {} for _, n in ipairs{ math.maxinteger, math.maxinteger - 1, 2^53 | 0, (2^53 | 0) + 2, math.mininteger } do local t = setmetatable({}, { __len = function() return n end, __index = function(_, k) seen[#seen + 1] = "get " .. k end, __newindex = function(_, k, v) seen[#seen + 1] = "set " .. k .. " " .. tostring(v) if #seen > 60 then error("enough", 0) end end }) seen[#seen + 1] = tostring(pcall(function() return ${call} end)) end print(table.concat(seen, "\\n"))`,
  ),
  'local keys = {} local t = setmetatable({}, { __index = function(_, k) keys[#keys + 1] = k if #keys > 3 then error("enough", 0) end end }) print(pcall(table.move, t, 0, math.maxinteger - 1, 1)) print(table.unpack(keys))',
  'local keys = {} local t = setmetatable({}, { __index = function(_, k) keys[#keys + 1] = k if #keys > 3 then error("enough", 0) end end }) print(pcall(table.move, t, math.maxinteger - 5, math.maxinteger, math.mininteger, {})) print(table.unpack(keys))',
  'local t = setmetatable({}, { __len = function() return math.maxinteger end, __index = function(_, k) return tostring(k) end }) print(table.unpack(t, math.maxinteger - 2)) print(table.concat(t, ",", math.maxinteger - 2))',
  'print(pcall(table.insert, {}, 1, 2, 3), pcall(table.insert, {}), pcall(table.insert, { 1 }, 3, 1), pcall(table.remove, { 1 }, 3), table.remove({}), table.remove({}, 0), table.remove({ 1 }, 2))',
]

const COROUTINES = [
  'print(coroutine.wrap(function() return coroutine.resume(coroutine.running()) end)())',
  'local co = coroutine.create(function() end) print(coroutine.resume(co)) print(coroutine.resume(co)) print(coroutine.resume(co, 1, 2))',
  'local co co = coroutine.create(function() print(coroutine.resume(co)) print(coroutine.status(co)) return "end" end) print(coroutine.resume(co))',
]

const LOOPS = [
  'for i = math.mininteger, -10e100 do print("x") break end for i = math.maxinteger, 10e100, -1 do print("y") break end',
  'for i = 1, 0/0, -1 do print("runs") break end for i = 1, 0/0 do print("runs up") break end for i = 1.0, 0/0, -1 do print("float") break end',
  'for i = math.mininteger, -2^63 do print(i) break end for i = math.maxinteger, 2^63, -1 do print(i) break end for i = 1, 2^63 do print(i) break end',
  'for i = 1, 3.7 do print(i) end for i = 3, 1.2, -1 do print(i) end for i = 1, -1/0, -1 do print(i) break end for i = 1, 1/0 do print(i) break end',
]

export const VALUE_PROGRAMS: readonly string[] = [
  ...MINUS_ZERO,
  ...PATTERNS,
  ...FORMATS,
  ...LENGTHS,
  ...FLOATS,
  ...POWERS,
  ...OLDER_MATH,
  ...RANDOM,
  ...CONVERSIONS,
  ...COROUTINES,
  ...LOOPS,
]

/** 5.3 counts on past the largest integer. */
const LOOPS_54 = [
  'for i = math.maxinteger - 1, math.maxinteger do print(i) end for i = math.mininteger + 1, math.mininteger, -1 do print(i) end for i = 1, math.huge, math.maxinteger do print(i) end',
]

/** Escapes, labels and coroutines that 5.3 judges otherwise. */
const LANGUAGE_54 = [
  'print(pcall(coroutine.wrap(function() local co = coroutine.running() return coroutine.wrap(function() return coroutine.resume(co) end)() end)))',
  'local f f = coroutine.wrap(function() return pcall(f) end) print(f()) print(pcall(f))',
  'print(("%q"):format("\\u{7FFFFFFF}"), #"\\u{110000}", #\'\\u{3FFFFFF}\\u{10FFFF}\', "a\\u{200000}b" == utf8.char(97, 0x200000, 98))',
  'local s = [[\\u{7FFFFFFF}]] --[[ "\\u{7FFFFFFF}" ]] -- "\\u{7FFFFFFF}"\nprint(#s, #"\\\\u{7FFFFFFF}", "it\'s \\u{7FFFFFFF}" == "it\'s " .. utf8.char(0x7FFFFFFF))',
  'print(load("return \\"\\\\u{80000000}\\"") == nil, load("return \\"\\\\u{7FFFFFFF}\\"")() == utf8.char(0x7FFFFFFF))',
  'print(load("::a:: do ::a:: end")) print(load("do ::a:: end ::a::") ~= nil) print(load("::a:: ::a::")) print(load("::a:: local function f() ::a:: end") ~= nil)',
  'print(load("goto a do ::a:: end")) print(load("for i = 1, 2 do ::b:: end for i = 1, 2 do ::b:: end ::b::") ~= nil) print(load("::x:: repeat ::y:: ::x:: until true"))',
  'print(coroutine.isyieldable(), coroutine.isyieldable(coroutine.create(print)), pcall(coroutine.isyieldable, 1)) local co = coroutine.create(function() coroutine.yield() end) coroutine.resume(co) print(coroutine.isyieldable(co)) coroutine.resume(co) print(coroutine.isyieldable(co))',
  'print(coroutine.wrap(function() return coroutine.isyieldable(), coroutine.isyieldable(coroutine.running()), coroutine.wrap(coroutine.isyieldable)() end)())',
]

export const VALUE_PROGRAMS_54: readonly string[] = [...RANDOM_54, ...LOOPS_54, ...LANGUAGE_54, ...FAR_TABLES]

/** bit32, which 5.3 has. */
export const VALUE_PROGRAMS_53: readonly string[] = [
  'for _, a in ipairs{ 0, 1, -1, 0x12345678, 0xffffffff, 0x100000001, math.mininteger, 2^31 } do print(bit32.bnot(a), bit32.band(a, 0xff00ff), bit32.bor(a, 15), bit32.bxor(a, 0xf0f0), bit32.btest(a, 1)) end',
  'for _, n in ipairs{ -70, -33, -32, -31, -1, 0, 1, 4, 31, 32, 33, 70 } do local a = 0x92345678 print(bit32.lshift(a, n), bit32.rshift(a, n), bit32.arshift(a, n), bit32.arshift(0x12345678, n), bit32.lrotate(a, n), bit32.rrotate(a, n)) end',
  'print(bit32.extract(0x12345678, 4), bit32.extract(0x12345678, 4, 8), bit32.extract(0xffffffff, 0, 32), bit32.replace(0x12345678, 0xff, 4, 4), bit32.replace(0, -1, 0, 32), bit32.replace(0x12345678, 0, 31))',
  'print(bit32.band(), bit32.bor(), bit32.bxor(), bit32.btest(), bit32.band("7", 3.0))',
  'print(pcall(bit32.extract, 1, 32), pcall(bit32.extract, 1, -1), pcall(bit32.extract, 1, 0, 0), pcall(bit32.extract, 1, 30, 3), pcall(bit32.replace, 1, 1, 33), pcall(bit32.band, 1.5), pcall(bit32.bnot), pcall(bit32.lshift, 1))',
]
