-- assert.matches_snapshot(value [, name]): compares the text of a value with a stored snapshot (src/testkit/snapshot.ts).
-- Mails and logs are formatted without times, so that only their contents are compared.
local host = ...
local assert = require('hapsim.testkit.assert')
local say = require('say')
local values = require('hapsim.testkit.values')

local function has_texts(value, ...)
  for _, name in ipairs({ ... }) do
    if type(value[name]) ~= 'string' then return false end
  end
  return true
end

local function is_mail(value) return has_texts(value, 'from', 'to', 'subject', 'body', 'raw') end
local function is_log(value) return value.type == 'log' and has_texts(value, 'level', 'message') end

local function show_mail(mail)
  local names, lines = {}, { 'mail from ' .. mail.from .. ' to ' .. mail.to }
  for name in pairs(mail.headers) do
    if name ~= 'date' then names[#names + 1] = name end
  end
  table.sort(names)
  for _, name in ipairs(names) do lines[#lines + 1] = '  ' .. name .. ': ' .. mail.headers[name] end
  lines[#lines + 1] = ''
  for line in mail.body:gmatch('[^\n]*') do lines[#lines + 1] = line == '' and '' or '  ' .. line end
  while lines[#lines] == '' do lines[#lines] = nil end
  return table.concat(lines, '\n')
end

local function show_log(log) return '[' .. log.level .. '] ' .. log.message end

--- Formats a record or a list of records; nil for other values.
local function format_records(value)
  for _, view in ipairs({ { is = is_mail, show = show_mail, between = '\n\n' }, { is = is_log, show = show_log, between = '\n' } }) do
    if view.is(value) then return view.show(value) end
    local shown = {}
    for i, item in ipairs(value) do
      if type(item) ~= 'table' or not view.is(item) then break end
      shown[i] = view.show(item)
    end
    if #shown > 0 and #shown == #value then return table.concat(shown, view.between) end
  end
end

local function literal(value)
  if type(value) == 'string' then return (('%q'):format(value):gsub('\\\n', '\\n')) end
  if type(value) == 'number' or type(value) == 'boolean' or value == nil then return tostring(value) end
  return '<' .. type(value) .. '>'
end

local function show(value, indent, open)
  if type(value) ~= 'table' then return literal(value) end
  if open[value] then return '<recursive>' end
  if values.has_tostring(value) then return tostring(value) end
  local keys, lines = {}, {}
  for key in next, value do
    if math.type(key) ~= 'integer' or key < 1 or key > #value then keys[#keys + 1] = key end
  end
  table.sort(keys, values.key_order)
  open[value] = true
  local inner = indent .. '  '
  for i = 1, #value do lines[#lines + 1] = inner .. show(value[i], inner, open) .. ',' end
  for _, key in ipairs(keys) do
    local name = type(key) == 'string' and key:find('^[%a_][%w_]*$') and key or '[' .. literal(key) .. ']'
    lines[#lines + 1] = inner .. name .. ' = ' .. show(value[key], inner, open) .. ','
  end
  open[value] = nil
  return #lines == 0 and '{}' or '{\n' .. table.concat(lines, '\n') .. '\n' .. indent .. '}'
end

local function text_of(value)
  if type(value) == 'string' then return value end
  return type(value) == 'table' and format_records(value) or show(value, '', {})
end

say:set('assertion.matches_snapshot', '%s')
assert:register('assertion', 'matches_snapshot', function(state, arguments)
  local value, name = arguments[1], arguments[2]
  if not state.mod then assert.raise('matches_snapshot cannot be negated', 'error') end
  if arguments.n == 0 then assert.raise('matches_snapshot needs a value', 'error') end
  if name ~= nil and type(name) ~= 'string' then assert.raise('the name of a snapshot must be a string', 'error') end
  local kind, message = host.compare(text_of(value), name)
  if kind == 'error' then assert.raise(message, 'error') end
  arguments[1], arguments.n, arguments.nofmt = message, 1, { true }
  return kind == 'same'
end, 'assertion.matches_snapshot', 'assertion.matches_snapshot')
