---@meta

---The functions of test files for `hapsim test`, compatible with busted.

---A group of tests.
---@param name string may contain tags: `"mails #slow"`
---@param body fun()
function describe(name, body) end

---An alias of `describe`.
---@param name string
---@param body fun()
function context(name, body) end

---A group of tests after which globals and loaded modules are restored.
---@param name string
---@param body fun()
function insulate(name, body) end

---A group of tests whose changes of globals and loaded modules are kept.
---@param name string
---@param body fun()
function expose(name, body) end

---A focused `describe`: if any focused function is used, only focused tests are run, in all files; likewise the others with an f.
---@param name string
---@param body fun()
function fdescribe(name, body) end

---@param name string
---@param body fun()
function fcontext(name, body) end

---@param name string
---@param body fun()
function finsulate(name, body) end

---@param name string
---@param body fun()
function fexpose(name, body) end

---@class hapsim.ExploreOptions
---@field schedules? integer maximum number of schedules
---@field strategy? '"delay"'|'"random"'|'"pct"' how schedules are generated
---@field depth? integer `delay`: maximum deviations from the default order
---@field seed? integer seeds all randomness

---A test.
---@class hapsim.It
---@overload fun(name: string, body?: fun())
it = {}

---A test run under many schedules. It fails if it fails under one of them, and prints a token to reproduce it.
---@param name string
---@param options hapsim.ExploreOptions
---@param body fun()
function it.explore(name, options, body) end

spec = it
test = it

---A focused test: if any focused function is used, only focused tests are run, in all files.
---@type hapsim.It
fit = it
fspec = it
ftest = it

---A pending test; within a test: skips the rest of it.
---@param name? string
---@param body? fun()
function pending(name, body) end

---Runs before every test of the group.
---@param body fun()
function before_each(body) end

---Runs after every test of the group.
---@param body fun()
function after_each(body) end

---Runs once, before the group.
---@param body fun()
function setup(body) end

---Runs once, after the group.
---@param body fun()
function teardown(body) end

---Runs once, before the first selected test of the group.
---@param body fun()
function lazy_setup(body) end

---Runs once, after the group, if `lazy_setup` ran.
---@param body fun()
function lazy_teardown(body) end

---Runs once, before the group.
---@param body fun()
function strict_setup(body) end

---Runs once, after the group.
---@param body fun()
function strict_teardown(body) end

---Within a test: runs at its end, whether it passes or fails.
---@param body fun()
function finally(body) end
