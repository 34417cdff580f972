/** Generator of programs whose blocks are left in every way while variables are to be closed. */
import fc from 'fast-check'

const PRELUDE = `
local calls = 0
local function turn(n) calls = calls + 1 return calls % n == 0 end
local function pause(name) if coroutine.isyieldable() then print("back", coroutine.yield(name)) end end
local function closable(name, how)
  return setmetatable({}, {__close = function(...)
    print("close", name, select("#", ...), select(2, ...))
    if how == "error" then error("E" .. name, 0)
    elseif how == "yield" then pause("in " .. name)
    elseif how == "nested" then local inner <close> = closable("inner " .. name, "yield") pause("nested " .. name) end
  end})
end
local function loop(name, how) return next, {10, 20}, nil, closable(name, how) end
`

interface Block {
  readonly statements: readonly string[]
}

const how = fc.constantFrom('plain', 'plain', 'error', 'yield', 'nested')
const name = fc.integer({ min: 0, max: 999 })
const often = fc.integer({ min: 1, max: 4 })

const text = ({ statements }: Block): string => statements.join('\n')

/**
 * What is around: `continue` goes to the end of a loop's body. No `break` leaves a loop with a closing value: Lua 5.4.4 fails at that
 * where the body has a variable to be closed too, and later ones do not.
 */
type Around = 'nothing' | 'loop' | 'closing loop'

const simple = (around: Around): fc.Arbitrary<string> =>
  fc.oneof(
    fc.tuple(name, how).map(([n, h]) => `local v${n} <close> = closable("${n}", "${h}")`),
    fc.tuple(name, how).map(([n, h]) => `local a${n}, v${n} <close>, b${n} = ${n}, closable("${n}", "${h}")`),
    name.map((n) => `local v${n} <close> = ${n % 2 === 0 ? 'nil' : 'false'}`),
    name.map((n) => `print("at ${n}")`),
    name.map((n) => `pause("${n}")`),
    name.map((n) => `local u${n} = ${n} keep = function() u${n} = u${n} + 1 return u${n} end`),
    fc.tuple(name, often).map(([n, t]) => `if turn(${t}) then error("error ${n}", 0) end`),
    fc.tuple(name, often).map(([n, t]) => `if turn(${t}) then return "return ${n}", keep and keep() end`),
    fc
      .tuple(name, often)
      .map(([n, t]) => `if turn(${t}) then return closable("tail ${n}") and select(1, "tail", ${n}) end`),
    fc.tuple(name, often).map(([n, t]) => `local v${n} <close> = turn(${t}) and ${n}`),
    ...(around === 'loop' ? [often.map((t) => `if turn(${t}) then break end`)] : []),
    ...(around !== 'nothing' ? [often.map((t) => `if turn(${t}) then goto continue end`)] : []),
  )

const block = (depth: number, around: Around): fc.Arbitrary<Block> =>
  fc
    .array(
      depth > 0
        ? fc.oneof({ weight: 2, arbitrary: simple(around) }, { weight: 1, arbitrary: compound(depth - 1, around) })
        : simple(around),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    .map((statements) => ({ statements }))

const body = (depth: number, around: Around): fc.Arbitrary<string> =>
  block(depth, around).map((inner) => `do\n${text(inner)}\nend\n::continue::`)

const compound = (depth: number, around: Around): fc.Arbitrary<string> =>
  fc.oneof(
    block(depth, around).map((inner) => `do\n${text(inner)}\nend`),
    body(depth, 'loop').map((inner) => `for i = 1, 2 do\n${inner}\nend`),
    fc
      .tuple(body(depth, 'closing loop'), name, how)
      .map(([inner, n, h]) => `for k in next, {1, 2}, nil, closable("for ${n}", "${h}") do\n${inner}\nend`),
    fc
      .tuple(body(depth, 'closing loop'), name, how)
      .map(([inner, n, h]) => `for k in loop("loop ${n}", "${h}") do\n${inner}\nend`),
    fc
      .tuple(body(depth, 'loop'), often)
      .map(
        ([inner, t]) =>
          `do local turns = 0 while turns < 3 and not turn(${t + 1}) do\nturns = turns + 1\n${inner}\nend end`,
      ),
    fc
      .tuple(block(depth, 'nothing'), often, name, how)
      .map(
        ([inner, t, n, h]) =>
          `do local turns = 0 repeat turns = turns + 1 local r <close> = closable("repeat ${n}", "${h}")\n${text(inner)}\nlocal last = turns > 2 or turn(${t + 1}) until last end`,
      ),
    block(depth, 'nothing').map((inner) => `print(pcall(function(...)\n${text(inner)}\nend, 1, 2))`),
    block(depth, 'nothing').map(
      (inner) => `print(xpcall(function(...)\n${text(inner)}\nend, function(m) return "handled " .. tostring(m) end))`,
    ),
    block(depth, 'nothing').map((inner) => `print((function(...)\n${text(inner)}\nend)(3))`),
    block(depth, 'nothing').map((inner) => `print(pcall(coroutine.wrap(function(...)\n${text(inner)}\nend)))`),
    block(depth, 'nothing').map(
      (inner) =>
        `local co = coroutine.create(function(...)\n${text(inner)}\nend)\nrepeat print(coroutine.resume(co)) until coroutine.status(co) == "dead"\nprint(coroutine.close(co), coroutine.status(co))`,
    ),
    block(depth, 'nothing').map((inner) => `table.sort({3, 1, 2}, function(a, b)\n${text(inner)}\nreturn a < b end)`),
  )

/**
 * Programs that run a function in a coroutine, and close it after some times, or when it has ended. Those that are closed before have
 * no message handlers: Lua 5.4.4 calls what has taken their place in the stack.
 */
export const closingPrograms: fc.Arbitrary<string> = fc
  .tuple(block(3, 'nothing'), fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }))
  .map(
    ([main, times]) => `${PRELUDE}
${times === undefined ? '' : 'local function xpcall(f) return pcall(f) end'}
local co = coroutine.create(function(...)
${text(main)}
end)
for i = 1, ${times ?? 1000} do
  print(coroutine.resume(co, i))
  if coroutine.status(co) == "dead" then break end
end
print(coroutine.close(co))
print(coroutine.status(co))`,
  )
