---@meta

---The assertions of test files: luassert's. Words before the last one modify it: `assert.is_not.equal(1, x)`, `assert.has_no.errors(f)`.
---`assert(value, message)` is Lua's own.
---@class luassert
---@overload fun(value: any, message?: any, ...: any): any
---@field is luassert
---@field are luassert
---@field was luassert
---@field has luassert
---@field does luassert
---@field is_not luassert
---@field are_not luassert
---@field was_not luassert
---@field has_no luassert
---@field no luassert
---@field does_not luassert
assert = {}

---Equal by `==`: the same table.
---@param expected any
---@param actual any
function assert.equal(expected, actual, ...) end

---Equal by `==`: the same table.
---@param expected any
---@param actual any
function assert.equals(expected, actual, ...) end

---Equal in depth.
---@param expected any
---@param actual any
function assert.same(expected, actual, ...) end

---Neither nil nor false.
---@param value any
function assert.truthy(value, ...) end

---nil or false.
---@param value any
function assert.falsy(value, ...) end

---@param value any
function assert.is_true(value, ...) end

---@param value any
function assert.is_false(value, ...) end

---@param value any
function assert.is_nil(value, ...) end

---@param value any
function assert.is_not_nil(value, ...) end

---@param value any
function assert.is_string(value, ...) end

---@param value any
function assert.is_number(value, ...) end

---@param value any
function assert.is_boolean(value, ...) end

---@param value any
function assert.is_table(value, ...) end

---@param value any
function assert.is_function(value, ...) end

---A Lua pattern is found in a text.
---@param pattern string
---@param text string
---@param init? integer where to begin
---@param plain? boolean a part of the text instead of a pattern
function assert.matches(pattern, text, init, plain) end

---Numbers that differ by a tolerance at most.
---@param expected number
---@param actual number
---@param tolerance number
function assert.near(expected, actual, tolerance) end

---No value of a list twice.
---@param list any[]
---@param deep? boolean compares in depth
function assert.unique(list, deep) end

---A function raises an error: this one, or any.
---@param call fun()
---@param expected? any
function assert.has_error(call, expected) end

---A function raises an error whose text has a Lua pattern.
---@param call fun()
---@param pattern string
function assert.error_matches(call, pattern) end

---@class luassert.SpyAssertions
---@field was luassert.SpyAssertions
---@field was_not luassert.SpyAssertions
---@field called fun(times?: integer)
---@field called_with fun(...: any)
---@field called_at_least fun(times: integer)
---@field called_at_most fun(times: integer)
---@field called_more_than fun(times: integer)
---@field called_less_than fun(times: integer)
---@field returned_with fun(...: any)

---How a spy was called: `assert.spy(s).was.called_with(1)`.
---@param spy luassert.Spy
---@return luassert.SpyAssertions
function assert.spy(spy) end

---How a stub was called.
---@param stub luassert.Stub
---@return luassert.SpyAssertions
function assert.stub(stub) end

---A mail was sent to a mail server: with a Lua pattern in its subject, or fields that are as given.
---@param smtp hapsim.SmtpServer
---@param mail? string|table
---@param times? integer just so many
function assert.sent(smtp, mail, times) end

---These mails were sent, and no others, in this order.
---@param smtp hapsim.SmtpServer
---@param mails (string|table)[]
function assert.sent_in_order(smtp, mails) end

---A log line has a Lua pattern.
---@param haproxy hapsim.Haproxy
---@param line string|table
---@param level? string
function assert.logged(haproxy, line, level) end

---The value, as text, is what the snapshot says in `__snapshots__` beside the file; the first run writes it, `hapsim test --update`
---writes it anew. Lists of mails and of logs are shown without times.
---@param value any `smtp.mails`, `haproxy.logs`, a string, a table …
---@param name? string when a test has several
function assert.matches_snapshot(value, name) end

---Something raised an error in a script. Mostly `assert.has_no.lua_error(haproxy)`.
---@param haproxy hapsim.Haproxy
function assert.lua_error(haproxy) end

---A task, a handler or a command of a script waits, and nothing can wake it any more; what waits for work in a queue is not stuck.
---Mostly `assert.has_no.stuck_tasks(haproxy)`.
---@param haproxy hapsim.Haproxy
function assert.stuck_task(haproxy) end

---A function that keeps how it was called.
---@class luassert.Spy
---@field calls table[]
---@overload fun(...: any): any
local Spy = {}

---Forgets its calls.
function Spy:clear() end

---Puts the function back that it stands for.
function Spy:revert() end

---@class luassert.Spies
---@overload fun(callback?: fun(...: any): any): luassert.Spy
spy = {}

---A spy that calls a function.
---@param callback? fun(...: any): any
---@return luassert.Spy
function spy.new(callback) end

---Puts a spy in the place of a function of a table.
---@param target table
---@param key any
---@return luassert.Spy
function spy.on(target, key) end

---A spy that does not call what it stands for.
---@class luassert.Stub: luassert.Spy
---@field returns fun(...: any): luassert.Stub
---@field invokes fun(callback: fun(...: any): any): luassert.Stub
---@field on_call_with fun(...: any): luassert.Stub

---Puts a stub in the place of a function of a table; it returns what is given.
---@param target table
---@param key any
---@param ... any
---@return luassert.Stub
function stub(target, key, ...) end

---Puts spies in the place of all functions of a table, or stubs.
---@generic T: table
---@param target T
---@param dostub? boolean
---@return T
function mock(target, dostub) end
