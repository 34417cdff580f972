-- The module `hapsim` of tests: simulations, and assertions about mails, logs and tasks.
-- The objects come from TypeScript (src/testkit/objects.ts) and have the same names.
local host = ...
local values = require('hapsim.testkit.values')
local say = require('say')
local assert = require('hapsim.testkit.assert')

local hapsim = { simulation = host.simulation }

local function text(name, claim, denial)
  say:set('assertion.' .. name .. '.positive', claim)
  say:set('assertion.' .. name .. '.negative', denial)
end

local function register(name, callback)
  assert:register('assertion', name, callback, 'assertion.' .. name .. '.positive', 'assertion.' .. name .. '.negative')
end

--- Whether `value` matches: by a pattern for strings, a predicate, or deep equality.
local function matches_value(value, wanted)
  if type(wanted) == 'function' or type(wanted) == 'table' and values.callable(wanted) then return wanted(value) end
  if type(wanted) == 'string' and type(value) == 'string' then return value == wanted or value:find(wanted) ~= nil end
  return (values.same(value, wanted, true))
end

local function matches(record, wanted, default_field)
  if type(wanted) ~= 'table' then return matches_value(record[default_field], wanted) end
  for key, value in pairs(wanted) do
    if not matches_value(record[key], value) then return false end
  end
  return true
end

local function lines(records, show)
  local shown = {}
  for i, record in ipairs(records) do shown[i] = '  ' .. show(record) end
  return #shown > 0 and table.concat(shown, '\n') or '  (none)'
end

local function show_wanted(wanted)
  return '  ' .. (type(wanted) == 'string' and wanted or values.show(wanted, nil, '  '))
end

local function show_mail(mail) return ('%.3f s: to %s: %s'):format(mail.at / 1000000, mail.to, mail.subject ~= '' and mail.subject or mail.body) end
local function show_log(log) return ('%.3f s: [%s] %s'):format(log.at / 1000000, log.level, log.message) end

local function show_stuck(task) return ('%s%s: %s'):format(task.name, task.place and ', at ' .. task.place or '', task.reason) end

--- assert.sent(smtp, wanted [, times]): a mail with matching fields; a string is a pattern for its subject.
text('sent', 'Expected a matching mail.\nMails:\n%s\nExpected:\n%s', 'Expected no matching mail.\nMails:\n%s\nDid not expect:\n%s')
register('sent', function(_, arguments)
  local server, wanted, times = arguments[1], arguments[2], arguments[3]
  local mails, count = server.mails, 0
  for _, mail in ipairs(mails) do
    if wanted == nil or matches(mail, wanted, 'subject') then count = count + 1 end
  end
  arguments[1] = lines(mails, show_mail)
  arguments[2] = (wanted == nil and '  any' or show_wanted(wanted)) .. (times and (' (%d times)'):format(times) or '')
  arguments.n = 2
  arguments.nofmt = { true, true }
  if times then return count == times end
  return count > 0
end)

--- assert.sent_in_order(smtp, {wanted, …}): exactly these mails in this order.
text('sent_in_order', 'Expected exactly these mails, in this order.\nMails:\n%s\nExpected:\n%s',
  'Expected other mails or a different order.\nMails:\n%s\nDid not expect:\n%s')
register('sent_in_order', function(_, arguments)
  local mails, wanted = arguments[1].mails, arguments[2]
  local same = #mails == #wanted
  for i = 1, #wanted do same = same and matches(mails[i], wanted[i], 'subject') end
  arguments[1] = lines(mails, show_mail)
  local expected = {}
  for i, each in ipairs(wanted) do expected[i] = show_wanted(each) end
  arguments[2] = table.concat(expected, '\n')
  arguments.n = 2
  arguments.nofmt = { true, true }
  return same
end)

--- assert.logged(haproxy, wanted [, level]): a matching log line.
text('logged', 'Expected a matching log line.\nLog:\n%s\nExpected:\n%s', 'Expected no matching log line.\nLog:\n%s\nDid not expect:\n%s')
register('logged', function(_, arguments)
  local logs, wanted, level = arguments[1].logs, arguments[2], arguments[3]
  local found = false
  for _, log in ipairs(logs) do
    found = found or matches(log, wanted, 'message') and (level == nil or log.level == level)
  end
  arguments[1] = lines(logs, show_log)
  arguments[2] = show_wanted(wanted) .. (level and (' at level ' .. level) or '')
  arguments.n = 2
  arguments.nofmt = { true, true }
  return found
end)

--- assert.has_no.lua_error(haproxy)
text('lua_error', 'Expected a Lua error, but there was none.%s', 'Expected no Lua error, but got:\n%s')
local function lua_errors(_, arguments)
  local errors = {}
  for _, message in ipairs(arguments[1].messages) do
    if message.severity == 'alert' and message.text:find('^Lua') then errors[#errors + 1] = '  ' .. message.text end
  end
  arguments[1], arguments.n = table.concat(errors, '\n'), 1
  arguments.nofmt = { true }
  return #errors > 0
end
register('lua_error', lua_errors)
assert:register('assertion', 'lua_errors', lua_errors, 'assertion.lua_error.positive', 'assertion.lua_error.negative')

--- assert.has_no.stuck_task(haproxy): tasks, handlers and commands of scripts that nothing can wake.
text('stuck_task', 'Expected a stuck task, but there is none.%s', 'Expected no stuck tasks, but got:\n%s')
local function stuck(_, arguments)
  local tasks = arguments[1].stuck_tasks
  arguments[1], arguments.n = #tasks > 0 and lines(tasks, show_stuck) or '', 1
  arguments.nofmt = { true }
  return #tasks > 0
end
register('stuck_task', stuck)
assert:register('assertion', 'stuck_tasks', stuck, 'assertion.stuck_task.positive', 'assertion.stuck_task.negative')

return hapsim
