-- The module ltn12, in Lua: filters, sources, sinks and pumps. http://lua-users.org/wiki/FiltersSourcesAndSinks
local filter, source, sink, pump = {}, {}, {}, {}
local M = { filter = filter, source = source, sink = sink, pump = pump, BLOCKSIZE = 2048, _VERSION = "LTN12 1.0.3" }

--- Makes a filter of `low`, whose context is kept between calls.
function filter.cycle(low, context, extra)
  assert(low)
  return function(chunk)
    local filtered
    filtered, context = low(context, chunk, extra)
    return filtered
  end
end

--- A filter asks for more input by returning "", and is at its end when it returns nil. Returns all that `f` has for a chunk.
local function drain(f, chunk, results)
  local more = f(chunk)
  if chunk == nil then
    while more do
      if more ~= "" then results[#results + 1] = more end
      more = f(nil)
    end
    return
  end
  while more ~= "" do
    if more == nil then error("filter returned inappropriate nil") end
    results[#results + 1] = more
    more = f("")
  end
end

--- Passes chunks through several filters. As a filter, it is called with "" until it has returned everything.
function filter.chain(...)
  local filters = table.pack(...)
  local ready, is_ended = {}, false
  local function feed(chunk)
    local chunks = { chunk }
    for i = 1, filters.n do
      local results = {}
      for _, each in ipairs(chunks) do
        if each ~= "" then drain(filters[i], each, results) end
      end
      if chunk == nil then drain(filters[i], nil, results) end
      chunks = results
    end
    table.move(chunks, 1, #chunks, #ready + 1, ready)
  end
  return function(chunk)
    if chunk ~= "" and not is_ended then
      is_ended = chunk == nil
      feed(chunk)
    end
    return table.remove(ready, 1) or not is_ended and "" or nil
  end
end

function source.empty()
  return function() return nil end
end

function source.error(problem)
  return function() return nil, problem end
end

function source.file(handle, problem)
  if not handle then return source.error(problem or "unable to open file") end
  return function()
    local chunk = handle:read(M.BLOCKSIZE)
    if not chunk then handle:close() end
    return chunk
  end
end

--- Makes a simple source of one that may return its successor as second result.
function source.simplify(from)
  assert(from)
  return function()
    local chunk, successor = from()
    from = successor or from
    if not chunk then return nil, successor end
    return chunk
  end
end

function source.string(text)
  if not text then return source.empty() end
  local at = 1
  return function()
    local chunk = text:sub(at, at + M.BLOCKSIZE - 1)
    at = at + M.BLOCKSIZE
    return chunk ~= "" and chunk or nil
  end
end

function source.table(chunks)
  assert(type(chunks) == "table")
  local i = 0
  return function()
    i = i + 1
    return chunks[i]
  end
end

--- A source to which chunks can be returned, by calling it with them.
function source.rewind(from)
  assert(from)
  local returned = {}
  return function(chunk)
    if chunk then
      returned[#returned + 1] = chunk
    elseif #returned > 0 then
      return table.remove(returned)
    else
      return from()
    end
  end
end

function source.chain(from, f, ...)
  if ... then f = filter.chain(f, ...) end
  assert(from and f)
  local ready, is_ended = {}, false
  return function()
    while #ready == 0 and not is_ended do
      local chunk, problem = from()
      if problem then return nil, problem end
      is_ended = chunk == nil
      if chunk ~= "" then drain(f, chunk, ready) end
    end
    return table.remove(ready, 1)
  end
end

function source.cat(...)
  local sources, i = { ... }, 1
  return function()
    while sources[i] do
      local chunk, problem = sources[i]()
      if chunk then return chunk end
      if problem then return nil, problem end
      i = i + 1
    end
  end
end

function sink.table(chunks)
  chunks = chunks or {}
  return function(chunk)
    if chunk then chunks[#chunks + 1] = chunk end
    return 1
  end, chunks
end

--- Makes a simple sink of one that may return its successor as second result.
function sink.simplify(to)
  assert(to)
  return function(chunk, problem)
    local done, successor = to(chunk, problem)
    if not done then return nil, successor end
    to = successor or to
    return 1
  end
end

function sink.error(problem)
  return function() return nil, problem end
end

function sink.file(handle, problem)
  if not handle then return sink.error(problem or "unable to open file") end
  return function(chunk)
    if chunk then return handle:write(chunk) end
    handle:close()
    return 1
  end
end

function sink.null()
  return function() return 1 end
end

--- Passes chunks through filters to the sink, the last argument.
function sink.chain(f, to, ...)
  if ... then
    local parts = { f, to, ... }
    to = table.remove(parts)
    f = filter.chain(table.unpack(parts))
  end
  assert(f and to)
  return function(chunk, problem)
    if chunk == "" then return 1 end
    local results = {}
    drain(f, chunk, results)
    for _, each in ipairs(results) do
      local done, failure = to(each, problem)
      if not done then return nil, failure end
    end
    if chunk then return 1 end
    return to(nil, problem)
  end
end

--- Passes one chunk on. Returns nil at the end, and nil and a message after an error.
function pump.step(from, to)
  local chunk, source_problem = from()
  local done, sink_problem = to(chunk, source_problem)
  if chunk and done then return 1 end
  return nil, source_problem or sink_problem
end

--- Passes all chunks on.
function pump.all(from, to, step)
  assert(from and to)
  step = step or pump.step
  while true do
    local done, problem = step(from, to)
    if not done then
      if problem then return nil, problem end
      return 1
    end
  end
end

return M
