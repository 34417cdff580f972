-- Hides card numbers in responses: `4111 1111 1111 1111` becomes `**** **** **** 1111`. The arguments of the filter are content types.

local HideCards = { flags = filter.FLT_CFG_FL_HTX }
HideCards.__index = HideCards

-- Each stream gets an instance.
function HideCards.new(class)
    return setmetatable({ types = class.types }, HideCards)
end

---@param txn TXN
---@param message HTTPMessage
function HideCards:http_headers(txn, message)
    if message:is_resp() then
        local content_type = (message:get_headers()["content-type"] or {})[0] or ""
        if self.types[content_type:match("^[^;%s]*")] then filter.register_data_filter(self, message.channel) end
    end
    return filter.CONTINUE
end

---@param txn TXN
---@param message HTTPMessage
function HideCards:http_payload(txn, message)
    local text = message:body()
    if text then
        -- the length stays the same, and with it Content-Length
        local hidden = text:gsub("%d%d%d%d([ -])%d%d%d%d%1%d%d%d%d%1(%d%d%d%d)", "****%1****%1****%1%2")
        if hidden ~= text then message:set(hidden) end
    end
end

-- Called when the configuration is checked, for each `filter lua.hide_cards` line.
core.register_filter("hide_cards", HideCards, function(class, types)
    class.types = {}
    for _, type in ipairs(types) do class.types[type] = true end
    return class
end)
