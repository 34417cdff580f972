---@meta

---The words of test files, for `hapsim test`: those that busted has.

---A group of tests.
---@param name string may have tags: `"mails #slow"`
---@param body fun()
function describe(name, body) end

---A group of tests: `describe` by another name.
---@param name string
---@param body fun()
function context(name, body) end

---A group of tests whose changes of globals and of loaded modules are undone after it.
---@param name string
---@param body fun()
function insulate(name, body) end

---A group of tests whose changes of globals and of loaded modules stay.
---@param name string
---@param body fun()
function expose(name, body) end

---`describe`, and while it is there, only what such words mark is run, in all files; likewise the others with an f.
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
---@field schedules? integer the most orders of tasks that are run
---@field strategy? '"delay"'|'"random"'|'"pct"' how they are chosen
---@field depth? integer `delay`: the most deviations from the usual order
---@field seed? integer fixes all chance

---A test.
---@class hapsim.It
---@overload fun(name: string, body?: fun())
it = {}

---A test that is run under many orders of tasks. It fails when one of them fails, and prints a token that shows it again.
---@param name string
---@param options hapsim.ExploreOptions
---@param body fun()
function it.explore(name, options, body) end

spec = it
test = it

---A test, and while it is there, only what such words mark is run, in all files.
---@type hapsim.It
fit = it
fspec = it
ftest = it

---A test that is still to be written; within a test: the rest of it.
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

---Runs once, before the first test of the group that is run.
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

---Within a test: runs when it ends, however it ends.
---@param body fun()
function finally(body) end
