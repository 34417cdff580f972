-- mailers.lua: sends HAProxy's email alerts, the ones that `email-alert` and `mailers` ask for.
--
--     global
--         lua-load mailers.lua
--
-- How it works, from top to bottom:
--
--   1. An init function subscribes to the events of every server whose backend wants mails.
--   2. An event handler puts the news into words and pushes a job into a queue. It never waits.
--   3. One task takes the jobs out of the queue and talks to the mail servers.
--
-- Handlers and sender are apart because HAProxy hands a subscription its events one after the other: a handler that waits
-- for a mail server holds up all that come behind, and a subscription that is too far behind loses events.
--
-- SPDX-License-Identifier: MIT

-- Levels of syslog, of which `email-alert level` names the least important one to mail.
local ALERT, NOTICE, INFO = 1, 5, 6

-- HAProxy would send the same mails itself. Versions that cannot do so any more want to be asked for the configuration.
if core.disable_legacy_mailers then core.disable_legacy_mailers() end
if core.use_native_mailers_config then core.use_native_mailers_config() end

-- Under `lua-load-per-thread` this file is loaded once for each thread: the first one does the work. Under `lua-load` there
-- is one state for all, whose number is 0.
if core.thread > 1 then return end

local jobs = core.queue()

---------------------------------------------------------------------------------------------------------------------------
-- SMTP (RFC 5321)
---------------------------------------------------------------------------------------------------------------------------

-- Reads a reply. It may have many lines, `250-first`, `250-second`, `250 last`: the hyphen says that more will come.
-- Returns its code and its last line; nil and why when the connection fails.
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

-- Sends `text` (nil: nothing, the server speaks first) and expects a reply that begins with `code`. Raises what is wrong.
local function exchange(socket, text, code)
    if text ~= nil then
        local sent, problem = socket:send(text .. "\r\n")
        if sent == nil then error(problem or "connection closed", 0) end
    end
    local answer, line = read_reply(socket)
    if answer == nil then error(line, 0) end
    -- the server is still listening when it has said no: leave politely
    if answer ~= code then
        socket:send("QUIT\r\n")
        error(line, 0)
    end
end

-- A text as it may follow DATA: every line ends with CR LF, and one that begins with a dot gets another, because a dot
-- alone ends the text.
local function escape(text)
    text = text:gsub("\r?\n", "\r\n")
    return (("\n" .. text):gsub("\n%.", "\n.."):sub(2))
end

-- Hands a mail to one server. Raises what is wrong.
local function deliver(socket, address, job)
    local connected, problem = socket:connect(address)
    if connected == nil then error("can't connect to " .. address .. (problem and ": " .. problem or ""), 0) end
    exchange(socket, nil, "220")
    exchange(socket, "HELO " .. job.config.smtp_hostname, "250")
    exchange(socket, "MAIL FROM:<" .. job.config.smtp_from .. ">", "250")
    exchange(socket, "RCPT TO:<" .. job.config.smtp_to .. ">", "250")
    exchange(socket, "DATA", "354")
    exchange(socket, escape(job.mail) .. "\r\n.", "250")
    -- the mail is delivered: whatever happens to the goodbye does not matter
    socket:send("QUIT\r\n")
    read_reply(socket)
end

-- Sends a mail to every server of its `mailers` section, in the order of their names. One that fails does not keep it from
-- the others.
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
-- News in words
---------------------------------------------------------------------------------------------------------------------------

-- Puts a mail into the queue, if it is important enough.
-- `watched` is what we know of the server, see `watch` below.
local function post(watched, level, news, when)
    if level > watched.config.log_level then return end
    local lines = {
        "From: " .. watched.config.smtp_from,
        "To: " .. watched.config.smtp_to,
        "Date: " .. os.date("%a, %d %b %Y %H:%M:%S %z (%Z)", when),
        -- a header is one line, and a line feed in it would begin another header
        "Subject: [HAProxy Alert] " .. news:gsub("%c", " "),
        "",
        news,
        "",
    }
    jobs:push({ config = watched.config, mail = table.concat(lines, "\n") })
end

-- `, reason: Layer4 timeout, check duration: 1000ms`
local function describe_check(watched, check)
    local text = ", reason: " .. check.reason.desc
    if check.reason.code ~= nil then text = text .. ", code: " .. check.reason.code end
    -- Events do not carry what the check has to say beyond that, statistics do, unless another check has come since.
    local stats = watched.server:get_stats() or {}
    local status = (stats.check_status or ""):gsub("^%* ", "")
    local info = status == check.reason.short and stats.last_chk or ""
    if info ~= "" then text = text .. ', info: "' .. info .. '"' end
    if check.duration >= 0 then text = text .. ", check duration: " .. check.duration .. "ms" end
    return text
end

-- `. 1 active and 0 backup servers left. …`: how the backend does now.
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

-- It went down, or came back. Maintenance is no news: whoever asked for it knows.
function on.SERVER_STATE(watched, data, when)
    local state = data.state
    if state.admin then return end
    local is_down = state.new_state == "STOPPED"
    local is_up = state.new_state == "RUNNING" or state.new_state == "STARTING"
    -- a server at the end of its slow start was up before
    if not is_down and (not is_up or state.old_state == "STARTING") then return end
    -- one that was taking no new clients anyway is missed less
    local is_missed = is_down and state.old_state ~= "STOPPING" and not watched.draining
    local news = watched.title .. (is_down and " is DOWN" or " is UP")
    if state.check ~= nil then news = news .. describe_check(watched, state.check)
    elseif state.cause ~= "" then news = news .. ", " .. state.cause end
    post(watched, is_missed and ALERT or NOTICE, news .. watched.via .. describe_rest(watched, is_down, state.requeued), when)
end

-- Somebody keeps new clients from it.
function on.SERVER_ADMIN(watched, data, when)
    local old, new = data.admin.old_admin, data.admin.new_admin
    watched.draining = new.DRAIN
    if old.DRAIN or not new.DRAIN or new.MAINT then return end
    local news = watched.title .. " enters drain state" .. (new.FDRAIN and "" or watched.via)
    local stats = watched.server:get_stats() or {}
    local is_down = stats.status ~= nil and stats.status:find("^DOWN") ~= nil
    post(watched, NOTICE, news .. describe_rest(watched, is_down, data.admin.requeued), when)
end

local RESULTS = { PASSED = "succeeded", CONDPASS = "conditionally succeeded" }

-- A check has moved its health.
function on.SERVER_CHECK(watched, data, when)
    local check = data.check
    local kind = check.agent and "Agent" or "Health"
    local news = kind .. " check for " .. watched.name .. " " .. (RESULTS[check.result] or "failed")
    local health = check.health
    local status
    if health.cur >= health.rise then
        local state = watched.server:get_weight() == 0 and "DRAIN" or "UP"
        status = string.format("%d/%d %s", health.cur - health.rise + 1, health.fall, state)
    else
        status = string.format("%d/%d DOWN", health.cur, health.rise)
    end
    post(watched, INFO, news .. describe_check(watched, check) .. ", status: " .. status, when)
end

---------------------------------------------------------------------------------------------------------------------------
-- Subscriptions
---------------------------------------------------------------------------------------------------------------------------

-- Subscribes to the events of a server whose backend wants mails. Each server has a subscription, hence a list of waiting
-- events, of its own: when hundreds go down together, none is lost. What the words need is noted now, while the server is
-- sure to be there.
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
        -- of the two things that keep new clients away, the other one is a weight of 0
        draining = server:is_draining() and server:get_weight() > 0,
    }
    local events = { "SERVER_STATE", "SERVER_ADMIN" }
    -- `option log-health-checks` asks for news of every change of health as well
    if config.track_server_health then events[#events + 1] = "SERVER_CHECK" end
    server:event_sub(events, function(event, data, _, when) on[event](watched, data, when) end)
end

-- An init function runs when the configuration is complete and before the first check: no event comes before it, while a
-- task would have to race the checks.
core.register_init(function()
    for _, backend in pairs(core.backends) do
        for _, server in pairs(backend.servers) do watch(server) end
    end
    -- servers that come later
    core.event_sub({ "SERVER_ADD" }, function(_, data)
        if data.reference ~= nil then watch(data.reference) end
    end)
end)
