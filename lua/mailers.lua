-- mailers.lua: sends HAProxy's email alerts, as configured by `email-alert` and `mailers`.
--
--     global
--         lua-load mailers.lua
--
-- How it works, from top to bottom:
--
--   1. An init function subscribes to the events of every server whose backend has email alerts.
--   2. An event handler formats an alert and pushes a job to a queue. It never waits.
--   3. A task pops jobs from the queue and sends them to the mail servers.
--
-- Handlers and sender are separate because HAProxy delivers the events of a subscription one at a time: a handler waiting
-- for a mail server would delay all later events, and a subscription that falls too far behind loses events.
--
-- SPDX-License-Identifier: MIT

-- Syslog levels; `email-alert level` is the least severe one to send.
local ALERT, NOTICE, INFO = 1, 5, 6

-- Disable HAProxy's built-in mailer. Versions without one provide the configuration only on request.
if core.disable_legacy_mailers then core.disable_legacy_mailers() end
if core.use_native_mailers_config then core.use_native_mailers_config() end

-- With `lua-load-per-thread` this file is loaded once per thread: only the first one does the work. With `lua-load` all
-- threads share one state, whose number is 0.
if core.thread > 1 then return end

local jobs = core.queue()

---------------------------------------------------------------------------------------------------------------------------
-- SMTP (RFC 5321)
---------------------------------------------------------------------------------------------------------------------------

-- Reads a reply, which may have several lines (`250-first`, `250-second`, `250 last`): a hyphen means that more follow.
-- Returns its code and its last line, or nil and an error if the connection fails.
local function read_reply(socket)
    while true do
        local line, problem = socket:receive("*l")
        if line == nil then return nil, problem or "connection closed" end
        line = line:gsub("\r$", "")
        local code, more = line:match("^(%d%d%d)([%- ]?)")
        if code == nil then return nil, "not a reply of SMTP: " .. line end
        if more ~= "-" then return code, line end
    end
end

-- Sends `text` (nil: the server sends first) and expects a reply with `code`. Raises an error otherwise.
local function exchange(socket, text, code)
    if text ~= nil then
        local sent, problem = socket:send(text .. "\r\n")
        if sent == nil then error(problem or "connection closed", 0) end
    end
    local answer, line = read_reply(socket)
    if answer == nil then error(line, 0) end
    -- the connection is still open after a rejection
    if answer ~= code then
        socket:send("QUIT\r\n")
        error(line, 0)
    end
end

-- Encodes a text for DATA: lines end with CR LF, and a leading dot is doubled because a single dot ends the text
-- (RFC 5321, section 4.5.2).
local function escape(text)
    text = text:gsub("\r?\n", "\r\n")
    return (("\n" .. text):gsub("\n%.", "\n.."):sub(2))
end

-- Sends a mail to one server. Raises an error on failure.
local function deliver(socket, address, job)
    local connected, problem = socket:connect(address)
    if connected == nil then error("can't connect to " .. address .. (problem and ": " .. problem or ""), 0) end
    exchange(socket, nil, "220")
    exchange(socket, "HELO " .. job.config.smtp_hostname, "250")
    exchange(socket, "MAIL FROM:<" .. job.config.smtp_from .. ">", "250")
    exchange(socket, "RCPT TO:<" .. job.config.smtp_to .. ">", "250")
    exchange(socket, "DATA", "354")
    exchange(socket, escape(job.mail) .. "\r\n.", "250")
    -- the mail has been accepted: ignore errors of QUIT
    socket:send("QUIT\r\n")
    read_reply(socket)
end

-- Sends a mail to every server of its `mailers` section, in the order of their names. A failure does not affect the other
-- servers.
local function send(job)
    local names = {}
    for name in pairs(job.config.mailservers) do names[#names + 1] = name end
    table.sort(names)
    for _, name in ipairs(names) do
        local socket = core.tcp()
        socket:settimeout(job.config.mailservers_timeout / 1000)
        local done, problem = pcall(deliver, socket, job.config.mailservers[name], job)
        socket:close()
        if not done then core.Warning("Can't send email alert to " .. name .. ": " .. tostring(problem)) end
    end
end

core.register_task(function()
    while true do send(jobs:pop_wait()) end
end)

---------------------------------------------------------------------------------------------------------------------------
-- Alerts
---------------------------------------------------------------------------------------------------------------------------

-- Queues an alert if its level is severe enough.
-- `watched` is the state of the server, see `watch` below.
local function post(watched, level, message, when)
    if level > watched.config.log_level then return end
    local lines = {
        "From: " .. watched.config.smtp_from,
        "To: " .. watched.config.smtp_to,
        "Date: " .. os.date("%a, %d %b %Y %H:%M:%S %z (%Z)", when),
        -- a line feed would start another header field
        "Subject: [HAProxy Alert] " .. message:gsub("%c", " "),
        "",
        message,
        "",
    }
    jobs:push({ config = watched.config, mail = table.concat(lines, "\n") })
end

-- `, reason: Layer4 timeout, check duration: 1000ms`
local function describe_check(watched, check)
    local text = ", reason: " .. check.reason.desc
    if check.reason.code ~= nil then text = text .. ", code: " .. check.reason.code end
    -- The output of the check is only in the statistics, unless another check has completed since.
    local stats = watched.server:get_stats() or {}
    local status = (stats.check_status or ""):gsub("^%* ", "")
    local info = status == check.reason.short and stats.last_chk or ""
    if info ~= "" then text = text .. ', info: "' .. info .. '"' end
    if check.duration >= 0 then text = text .. ", check duration: " .. check.duration .. "ms" end
    return text
end

-- `. 1 active and 0 backup servers left. …`: the state of the backend.
local function describe_rest(watched, is_down, requeued)
    local active, backup = watched.proxy:get_srv_act(), watched.proxy:get_srv_bck()
    local text = string.format(". %d active and %d backup servers %s.", active, backup, is_down and "left" or "online")
    if active == 0 and backup > 0 then text = text .. " Running on backup." end
    local queued = watched.server:get_pend_conn() or 0
    if not is_down then return text .. string.format(" %d sessions requeued, %d total in queue", requeued, queued) end
    local sessions = watched.server:get_cur_sess() or 0
    return text .. string.format(" %d sessions active, %d requeued, %d remaining in queue", sessions, requeued, queued)
end

local on = {}

-- The server went down or up. Maintenance is not reported, as it was requested.
function on.SERVER_STATE(watched, data, when)
    local state = data.state
    if state.admin then return end
    local is_down = state.new_state == "STOPPED"
    local is_up = state.new_state == "RUNNING" or state.new_state == "STARTING"
    -- the end of a slow start: the server was already up
    if not is_down and (not is_up or state.old_state == "STARTING") then return end
    -- less severe if the server was not receiving new clients anyway
    local is_severe = is_down and state.old_state ~= "STOPPING" and not watched.draining
    local message = watched.title .. (is_down and " is DOWN" or " is UP")
    if state.check ~= nil then message = message .. describe_check(watched, state.check)
    elseif state.cause ~= "" then message = message .. ", " .. state.cause end
    post(watched, is_severe and ALERT or NOTICE, message .. watched.via .. describe_rest(watched, is_down, state.requeued), when)
end

-- The server entered drain state.
function on.SERVER_ADMIN(watched, data, when)
    local old, new = data.admin.old_admin, data.admin.new_admin
    watched.draining = new.DRAIN
    if old.DRAIN or not new.DRAIN or new.MAINT then return end
    local message = watched.title .. " enters drain state" .. (new.FDRAIN and "" or watched.via)
    local stats = watched.server:get_stats() or {}
    local is_down = stats.status ~= nil and stats.status:find("^DOWN") ~= nil
    post(watched, NOTICE, message .. describe_rest(watched, is_down, data.admin.requeued), when)
end

local RESULTS = { PASSED = "succeeded", CONDPASS = "conditionally succeeded" }

-- A check changed the health of the server.
function on.SERVER_CHECK(watched, data, when)
    local check = data.check
    local kind = check.agent and "Agent" or "Health"
    local message = kind .. " check for " .. watched.name .. " " .. (RESULTS[check.result] or "failed")
    local health = check.health
    local status
    if health.cur >= health.rise then
        local state = watched.server:get_weight() == 0 and "DRAIN" or "UP"
        status = string.format("%d/%d %s", health.cur - health.rise + 1, health.fall, state)
    else
        status = string.format("%d/%d DOWN", health.cur, health.rise)
    end
    post(watched, INFO, message .. describe_check(watched, check) .. ", status: " .. status, when)
end

---------------------------------------------------------------------------------------------------------------------------
-- Subscriptions
---------------------------------------------------------------------------------------------------------------------------

-- Subscribes to the events of a server whose backend has email alerts. Each server has its own subscription, and so its own
-- event queue: none is lost if hundreds of servers go down at once. Properties needed for messages are read now, while the
-- server is sure to exist.
local function watch(server)
    local proxy = server:get_proxy()
    local config = proxy:get_mailers()
    if config == nil then return end
    local path = proxy:get_name() .. "/" .. server:get_name()
    local tracked = server:tracking()
    local watched = {
        server = server,
        proxy = proxy,
        config = config,
        title = (server:is_backup() and "Backup " or "") .. "Server " .. path,
        name = (server:is_backup() and "backup " or "") .. "server " .. path,
        via = tracked and " via " .. tracked:get_proxy():get_name() .. "/" .. tracked:get_name() or "",
        -- a weight of 0 also makes is_draining() true
        draining = server:is_draining() and server:get_weight() > 0,
    }
    local events = { "SERVER_STATE", "SERVER_ADMIN" }
    -- `option log-health-checks` also reports every change of health
    if config.track_server_health then events[#events + 1] = "SERVER_CHECK" end
    server:event_sub(events, function(event, data, _, when) on[event](watched, data, when) end)
end

-- Init functions run after the configuration is complete and before the first check, so no event is missed; a task would
-- race with the checks.
core.register_init(function()
    for _, backend in pairs(core.backends) do
        for _, server in pairs(backend.servers) do watch(server) end
    end
    -- servers added at run time
    core.event_sub({ "SERVER_ADD" }, function(_, data)
        if data.reference ~= nil then watch(data.reference) end
    end)
end)
