---@meta

---The assertions of test files, compatible with luassert. Modifiers precede the assertion: `assert.is_not.equal(1, x)`, `assert.has_no.errors(f)`.
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

---Equal by `==`; tables by identity.
---@param expected any
---@param actual any
function assert.equal(expected, actual, ...) end

---Equal by `==`; tables by identity.
---@param expected any
---@param actual any
function assert.equals(expected, actual, ...) end

---Deeply equal.
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

---A text matches a Lua pattern.
---@param pattern string
---@param text string
---@param init? integer start index
---@param plain? boolean a plain substring instead of a pattern
function assert.matches(pattern, text, init, plain) end

---Numbers differ by at most a tolerance.
---@param expected number
---@param actual number
---@param tolerance number
function assert.near(expected, actual, tolerance) end

---No duplicate values in a list.
---@param list any[]
---@param deep? boolean compare deeply
function assert.unique(list, deep) end

---A function raises an error: this one, or any.
---@param call fun()
---@param expected? any
function assert.has_error(call, expected) end

---A function raises an error that matches a Lua pattern.
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

---A matching mail was sent to a mail server: by a Lua pattern for the subject, or by fields.
---@param smtp hapsim.SmtpServer
---@param mail? string|table
---@param times? integer exact number
function assert.sent(smtp, mail, times) end

---Exactly these mails were sent, in this order.
---@param smtp hapsim.SmtpServer
---@param mails (string|table)[]
function assert.sent_in_order(smtp, mails) end

---A log line matches a Lua pattern.
---@param haproxy hapsim.Haproxy
---@param line string|table
---@param level? string
function assert.logged(haproxy, line, level) end

---Compares the text of a value with the snapshot in `__snapshots__`; the first run writes it, `hapsim test --update`
---updates it. Lists of mails and logs are formatted without times.
---@param value any `smtp.mails`, `haproxy.logs`, a string, a table …
---@param name? string if a test has several
function assert.matches_snapshot(value, name) end

---A script raised an error. Mostly used as `assert.has_no.lua_error(haproxy)`.
---@param haproxy hapsim.Haproxy
function assert.lua_error(haproxy) end

---A task, handler or command of a script is waiting and nothing can wake it; waiting for work in a queue is not stuck.
---Mostly used as `assert.has_no.stuck_tasks(haproxy)`.
---@param haproxy hapsim.Haproxy
function assert.stuck_task(haproxy) end

---A function that records its calls.
---@class luassert.Spy
---@field calls table[]
---@overload fun(...: any): any
local Spy = {}

---Clears recorded calls.
function Spy:clear() end

---Restores the original function.
function Spy:revert() end

---@class luassert.Spies
---@overload fun(callback?: fun(...: any): any): luassert.Spy
spy = {}

---A spy that calls a function.
---@param callback? fun(...: any): any
---@return luassert.Spy
function spy.new(callback) end

---Replaces a function of a table by a spy.
---@param target table
---@param key any
---@return luassert.Spy
function spy.on(target, key) end

---A spy that does not call the original function.
---@class luassert.Stub: luassert.Spy
---@field returns fun(...: any): luassert.Stub
---@field invokes fun(callback: fun(...: any): any): luassert.Stub
---@field on_call_with fun(...: any): luassert.Stub

---Replaces a function of a table by a stub with the given return values.
---@param target table
---@param key any
---@param ... any
---@return luassert.Stub
function stub(target, key, ...) end

---Replaces all functions of a table by spies or stubs.
---@generic T: table
---@param target T
---@param dostub? boolean
---@return T
function mock(target, dostub) end
