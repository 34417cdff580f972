/** Ways to be at a depth when a function is called, as Lua source. */

/**
 * Declares `shapes`: functions that call `f` at the depth `d` of plain calls, protected calls, coroutines or metamethods.
 *
 * @param yieldFunction the function that passes on the yields of a coroutine
 */
export const shapes = (yieldFunction: string): string => `local shapes = {}
function shapes.calls(d, f) if d == 0 then return f() end local v = shapes.calls(d - 1, f) return v end
function shapes.protected(d, f)
  if d == 0 then return f() end
  local ok, v = pcall(shapes.protected, d - 1, f)
  if ok then return v end
  error(v, 0)
end
function shapes.coroutines(d, f)
  if d == 0 then return f() end
  local co = coroutine.create(shapes.coroutines)
  local ok, v = coroutine.resume(co, d - 1, f)
  while ok and coroutine.status(co) == "suspended" do
    ${yieldFunction}(v)
    ok, v = coroutine.resume(co)
  end
  if ok then return v end
  error(v, 0)
end
function shapes.metamethods(d, f)
  if d == 0 then return f() end
  return setmetatable({}, { __index = function() local v = shapes.metamethods(d - 1, f) return v end }).x
end`
