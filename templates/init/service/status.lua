-- Answers with the states of all servers, a line each; with 503 if a backend has none that is up.

---@param applet AppletHTTP
local function status(applet)
    local lines, code = {}, 200
    for name, backend in pairs(core.backends) do
        for server_name, server in pairs(backend.servers) do
            lines[#lines + 1] = ("%s/%s %s\n"):format(name, server_name, server:get_stats().status)
        end
        if backend:get_srv_act() + backend:get_srv_bck() == 0 then code = 503 end
    end
    table.sort(lines)
    local body = table.concat(lines)
    applet:set_status(code)
    applet:add_header("content-type", "text/plain")
    applet:add_header("content-length", tostring(#body))
    applet:start_response()
    applet:send(body)
end

core.register_service("status", "http", status)
