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

---Stops accepting connections until `resume`.
function Proxy:pause() end

---Accepts connections again after `pause`.
function Proxy:resume() end

---Stops it permanently.
function Proxy:stop() end

---Ends the sessions on backup servers, so that clients return to active servers.
function Proxy:shut_bcksess() end

---Its capabilities.
---@return '"frontend"'|'"backend"'|'"proxy"'|'"ruleset"' # `proxy` is both, as `listen` makes it
function Proxy:get_cap() end

---@return '"tcp"'|'"http"'|'"syslog"'|'"unknown"'
function Proxy:get_mode() end

---The number of usable active servers.
---@return integer
function Proxy:get_srv_act() end

---The number of usable backup servers.
---@return integer
function Proxy:get_srv_bck() end

---The values of `show stat`.
---@return table<string, string|integer>
function Proxy:get_stats() end

---The configuration of email alerts.
---@return ProxyMailers? # nil without `email-alert mailers`
function Proxy:get_mailers() end
