-- Calls, variable arguments, jumps, attributes, and the messages of the parser.
local function try(f, ...) print(pcall(f, ...)) end
-- calls: varargs
local function f(...) return select("#", ...), ... end
print(f()) print(f(nil)) print(f(nil, nil)) print((f(1, 2)))
print(select("#", table.unpack({}, 1, 200)))
local function g(a, b, ...) local t = {...} return a, b, #t, ... end
print(g()) print(g(1)) print(g(1, 2)) print(g(1, 2, 3, 4))
print(pcall(select, "#")) print(pcall(select, -1)) print(select(-1, 1, 2, 3)) print(select(2, 1, 2, 3))
print(string.format("%s %s", 1, 2, 3))
local t = {f(1, 2), f(3)} print(#t, table.unpack(t))
local t = {f(1, 2), (f(3))} print(#t)
local function deep(n) if n == 0 then return 0 end return 1 + deep(n - 1) end
print(deep(150000))
local function even(n) if n == 0 then return true end return odd(n - 1) end
function odd(n) if n == 0 then return false end return even(n - 1) end
print(pcall(even, 100001))
print(pcall(function() local function r(...) return 1 + r(1, ...) end return r() end))
print(select('#', table.unpack({n=3}, 1, 3)))
print(pcall(table.unpack, {}, 1, 1e6))
print(pcall(table.unpack, {}, -1e6, 1e6))
print(pcall(table.unpack, {}, math.mininteger, math.maxinteger))
print(table.unpack({1,2,3}, -1, 1))
print(pcall(string.rep, "x", -1))
print(#string.rep("ab", 3, ","))
print((""):rep(1000000), ("x"):rep(0), ("x"):rep(1, "sep"))
-- call chains through __call
local m = setmetatable({}, {__call = function(self, ...) return self == m, select("#", ...), ... end})
local mm = setmetatable({}, {__call = m})
print(pcall(function() return mm(1) end))
local chain = print for i = 1, 15 do chain = setmetatable({}, {__call = chain}) end
print(pcall(function() return select("#", chain(1)) end))
-- goto
print(load("goto x; local a; ::x:: print(a)"))
print(load("goto x; local a; ::x::"))
print(load("do goto x end; local a; ::x:: ; ; "))
print(load("goto x; do ::x:: end"))
print(load("::x:: goto x; ::x::"))
print(load("break"))
print(load("while true do local function f() break end end"))
print(load("repeat goto c; local x; ::c:: until x"))
print(load("repeat goto c; local x = 1; ::c:: until true"))
print(load("for i = 1, 2 do goto continue; local x = 1; ::continue:: end"))
print(load("for i = 1, 2 do goto continue; local x = 1; ::continue:: print(x) end"))
do local k = 0 ::a:: k = k + 1 if k < 5 then goto a end print(k) end
do local fs = {} local i = 1 ::top:: local x = i fs[i] = function() x = x + 1 return x end i = i + 1 if i <= 3 then goto top end print(fs[1](), fs[2](), fs[3](), fs[1]()) end
-- attribs
print(load("local x <const> = 1; x = 2"))
print(load("local x <const> = 1; local function f() x = 2 end"))
print(load("local x <foo> = 1"))
print(load("local x <const>, y <close> = 1, nil; y = 1"))
print(load("local x <close>, y <close> = 1, 2"))
print(load("local function f <const> () end"))
print(load("for i <const> = 1, 2 do end"))
print(load("local x <const> = 1; x.y = 2") ~= nil)
print(load("local t <const> = {}; t.x = 1; t[1] = 2 return t.x + t[1]")())
print(load("local x <const> = 10; do local x = 5; x = 6 end return x")())
print(load("x = 1 = 2")) print(load("f() = 1")) print(load("(x) = 1")) print(load("x:y = 1")) print(load("a.b:c"))
print(load("local function f() return 1 print(2) end"))
print(load("return 1,")) print(load("return (1")) print(load("x = {1,2")) print(load("x = {[1]}")) print(load("x = 'abc")) print(load("x = [==[ abc ]=]"))
print(load("x = 0x")) print(load("x = 1e")) print(load("x = 1..2")) print(load("x = 3x")) print(load("x = 0x1p")) print(load("x = '\\x0g'")) print(load("x = '\\300'")) print(load("x = '\\u{}'")) print(load("--[==[ x"))
print(load("x = @")) print(load("x = $y")) print(load("x = a ! b")) print(load("\1")) print(load("x = \"a\nb\"")) print(load("if x the")) print(load("for x = 1 do")) print(load("for x, y = 1, 2 do end")) print(load("for 1 in x do")) print(load("function f( do end")) print(load("function f(a,) end")) print(load("function f(..., a) end")) print(load("return ...")) print(load("function f() return ... end"))
print(load(("x = 1 "):rep(10) .. "x = = 2", "=name")) print(load("x =\n\n\n=", "@file.lua")) print(load("x = ", "line1\nline2")) print(load("x = ", "a long chunk name that is longer than sixty characters, so that it is cut somewhere"))
print(load("x = ", "@a/long/file/name/that/is/longer/than/sixty/characters/so/that/it/is/cut/at/its/beginning.lua"))
print(load("x = ", "=a long name that is longer than sixty characters, so that it is cut somewhere at the end"))
print(load("local a = {} ; return a.b.c", "=n"))
print(pcall(load("local a = {} ; return a.b.c", "=n")))
print(pcall(load("\n\n\nerror('x')", "@n")))
local many = {} for i = 1, 201 do many[i] = "local a" .. i end
print(load(table.concat(many, "\n"), "=n"))
local many = {} for i = 1, 256 do many[i] = "a" .. i end
print(load("local " .. table.concat(many, ", "), "=n"))
local many = {} for i = 1, 260 do many[i] = "x" .. i end
print(load("return f(" .. table.concat(many, ", ") .. ")", "=n"))
local up = {} for i = 1, 150 do up[i] = "local u" .. i .. " = " .. i end
local up2 = {} for i = 1, 150 do up2[i] = "u" .. i end
print(load(table.concat(up, "\n") .. "\nlocal function f() local function g() return " .. table.concat(up2, " + ") .. " end return g() end return f()")())
print(load(("("):rep(190) .. "1" .. (")"):rep(190)) == nil, load("return " .. ("("):rep(150) .. "1" .. (")"):rep(150))())
print(load("return " .. ("{"):rep(190) .. ("}"):rep(190)) ~= nil)
print(load(("do "):rep(250) .. ("end "):rep(250)))
print(load(("a.b."):rep(1000) .. "c = 1") ~= nil)
print(load("return " .. ("not "):rep(150) .. "1") ~= nil, load("return " .. ("not "):rep(300) .. "1"))
print(load("return " .. ("-"):rep(1) .. "1 " .. ("^ 2 "):rep(150))())
print(load("return " .. ("1 .. "):rep(180) .. "1")() ~= nil, load("return " .. ("1 .. "):rep(300) .. "1"))
print(load('return "\\u{80000000}"'))
print(load('return "\\u{7fffffffff}"'))
print(load('return "\\u{g}"'))
print(load('return "\\u{12"'))
print(load('return "\\u12"'))
print(load('return "\\u{FFFFFFFF}abc"'))
print(load('return "\\400"'))
print(load('return "\\x1"'))
print(load('return "\\q"'))
print(load('return "abc\\u{110000000}'))
