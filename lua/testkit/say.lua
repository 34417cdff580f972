-- Message texts by key, as registered by custom luassert assertions: say:set(key, text), say(key, values).
local texts = {}
local say = {}

function say:set(key, text) texts[key] = text end
function say:set_namespace() end

return setmetatable(say, {
  __call = function(_, key, arguments)
    local text = texts[key] or key
    if type(text) ~= 'string' then return nil end
    local shown = {}
    local n = arguments and (arguments.n or #arguments) or 0
    local _, places = text:gsub('%%s', '')
    for i = 1, math.max(n, places) do shown[i] = tostring(arguments and arguments[i]) end
    return #shown > 0 and text:format(table.unpack(shown, 1, #shown)) or text
  end,
})
