-- Shows e-mail addresses only in part: `alice@example.org` becomes `al***@example.org`.

---@param address string
---@param shown? string how many characters are shown; the argument in haproxy.cfg
---@return string
local function mask(address, shown)
    local user, domain = address:match("^(.*)@(.*)$")
    if not user then return "***" end
    return user:sub(1, tonumber(shown or 1)) .. "***@" .. domain
end

core.register_converters("mask", mask)
