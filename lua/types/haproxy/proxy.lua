---@meta

---A frontend, a backend, or both (`listen`). Found in `core.proxies`, `core.frontends`, `core.backends` and `Server:get_proxy`.
---@class Proxy
---@field name string Deprecated: `get_name`.
---@field uuid string Deprecated: `get_uuid`.
---@field servers table<string, Server> its servers by their name
---@field listeners table<string, Listener> its listeners by their name; those without one are called `sock-1`, `sock-2` …
---@field stktable StickTable? its stick table
local Proxy = {}

---Its name in the configuration.
---@return string
function Proxy:get_name() end

---Its number, unique in the process.
---@return string
function Proxy:get_uuid() end

---Takes no new connections until `resume`.
function Proxy:pause() end

---Takes connections again after `pause`.
function Proxy:resume() end

---Ends it for good: it cannot be started again.
function Proxy:stop() end

---Ends the sessions with its backup servers. Clients go to active servers when they come again.
function Proxy:shut_bcksess() end

---What it can do.
---@return '"frontend"'|'"backend"'|'"proxy"'|'"ruleset"' # `proxy` is both, as `listen` makes it
function Proxy:get_cap() end

---@return '"tcp"'|'"http"'|'"syslog"'|'"unknown"'
function Proxy:get_mode() end

---How many active servers take clients.
---@return integer
function Proxy:get_srv_act() end

---How many backup servers would take clients.
---@return integer
function Proxy:get_srv_bck() end

---What `show stat` tells about it.
---@return table<string, string|integer>
function Proxy:get_stats() end

---How the configuration wants its mails sent.
---@return ProxyMailers? # nil without `email-alert mailers`
function Proxy:get_mailers() end
