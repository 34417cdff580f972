-- Logs the downtime of a server when it comes back up, and logs an alert when a backend has no server left.

-- When each server went down, in seconds since 1970, by `backend/server`.
local since = {}

---@param event string
---@param data ServerEvent
---@param when integer
local function on_change(event, data, _, when)
    local name = data.proxy_name .. "/" .. data.name
    if event == "SERVER_DOWN" then
        since[name] = when
        local proxy = core.backends[data.proxy_name]
        if proxy and proxy:get_srv_act() + proxy:get_srv_bck() == 0 then
            core.Alert("No server is left in " .. data.proxy_name)
        end
    elseif since[name] then
        core.log(core.notice, ("%s was down for %d s"):format(name, when - since[name]))
        since[name] = nil
    end
end

-- Init functions run before the first health check: a subscription made here misses nothing.
core.register_init(function()
    core.event_sub({ "SERVER_DOWN", "SERVER_UP" }, on_change)
end)
