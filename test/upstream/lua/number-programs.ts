/**
 * Programs that print random and boundary doubles in many ways. The generator is Lua 5.4's own, so that the real Lua and ours
 * draw the same numbers.
 */

/** Doubles of random bits, of few digits, ties, integers, and neighbours of powers of 2 and 10. */
const DOUBLES = `
math.randomseed(SEED)
local function bits() return (string.unpack("d", string.pack("j", math.random(0)))) end
local makers = {
  bits,
  function() return math.random() end,
  function() return math.random(0) / 2 ^ math.random(0, 80) end,
  function() return (2 * math.random(0, 99999) + 1) / 2 ^ math.random(1, 12) end,
  function() return tonumber(("%d.%de%d"):format(math.random(0, 9), math.random(0, 99999), math.random(-40, 40))) end,
  function() return math.random(-1000000, 1000000) / 1000 end,
  function() return 2.0 ^ math.random(-1074, 1023) * (1 + math.random(-2, 2) * 2 ^ -52) end,
  function() return tonumber("1e" .. math.random(-300, 300)) * (1 + math.random(-1, 1) * 2 ^ -52) end,
  function() return (math.random(0, 999999) * 10 + 5) * 10.0 ^ math.random(0, 12) end,
  function() return math.random(0) + 0.0 end,
}
`

const FORMATS = [
  '%.14g|%.17g|%g|%.3g|%.1g|%.0g',
  '%.0e|%.1e|%.6e|%.14e|%.16e|%.30e',
  '%.0f|%.1f|%.2f|%.3f|%.6f',
  '%a|%.0a|%.1a|%.5a|%.12a',
]

/** @param count doubles printed by each program */
export const numberPrograms = (seeds: readonly number[], count: number): string[] =>
  seeds.map((seed) => {
    const format = FORMATS[seed % FORMATS.length]!
    const arguments_ = format
      .split('|')
      .map(() => 'x')
      .join(', ')
    return (
      `local SEED = ${seed}${DOUBLES}` +
      `for i = 1, ${count} do local x = makers[i % #makers + 1]() ` +
      `print(x, ("${format}"):format(${arguments_}), x == x and tonumber(("%.17g"):format(x)) == x, math.tointeger(x)) end`
    )
  })

/** Powers with whole and half exponents that are far from the ties which the C library rounds wrongly itself. */
export const powerPrograms = (seeds: readonly number[], count: number): string[] =>
  seeds.map(
    (seed) =>
      `math.randomseed(${seed}) for i = 1, ${count} do local x, y = math.random(1, 20), math.random(-14, 14) ` +
      'print(x, y, ("%.17g"):format(x ^ y), ("%.17g"):format((x / 8) ^ y), ("%.17g"):format((x * x) ^ (y / 2))) end',
  )
