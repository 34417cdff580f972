---@meta

---A server of a backend. Found in `Proxy.servers`, in `ServerEvent.reference`, `Server:tracking` and `Server:get_trackers`. Of one that
---has been deleted, methods return nil.
---@class Server
---@field name string Deprecated: `get_name`.
---@field puid string Deprecated: `get_puid`.
local Server = {}

---Its name in the configuration.
---@return string
function Server:get_name() end

---Its number, unique in its proxy.
---@return string
function Server:get_puid() end

---Revision of its number: a server that reuses the number has another revision.
---@return string
function Server:get_rid() end

---Whether it is in drain state.
---@return boolean
function Server:is_draining() end

---Whether it is a backup server.
---@return boolean
function Server:is_backup() end

---Whether it was added at run time.
---@return boolean
function Server:is_dynamic() end

---The number of current sessions.
---@return integer
function Server:get_cur_sess() end

---The number of queued connections.
---@return integer
function Server:get_pend_conn() end

---Sets the maximum number of connections.
---@param maxconn string a number, as `set maxconn server` takes it
---@return string? # an error message
function Server:set_maxconn(maxconn) end

---The maximum number of connections; 0: unlimited.
---@return integer
function Server:get_maxconn() end

---Sets the weight.
---@param weight string a number from 0 to 256, or a percentage of the configured one, as `set weight` takes it
---@return string? # an error message
function Server:set_weight(weight) end

---The weight.
---@return integer
function Server:get_weight() end

---Changes the address.
---@param addr string
---@param port? string
---@return string # a result or an error message
function Server:set_addr(addr, port) end

---Its address and port: `10.0.0.1:80`.
---@return string
function Server:get_addr() end

---The values of `show stat`.
---@return table<string, string|integer>
function Server:get_stats() end

---The backend that it belongs to.
---@return Proxy?
function Server:get_proxy() end

---Ends all its sessions.
function Server:shut_sess() end

---Sets drain mode: no new clients.
function Server:set_drain() end

---Sets maintenance mode: no traffic, no checks.
function Server:set_maint() end

---Ends maintenance and drain.
function Server:set_ready() end

---Enables the health check.
function Server:check_enable() end

---Disables the health check.
function Server:check_disable() end

---Marks the health check as passed.
function Server:check_force_up() end

---Marks the health check as conditionally passed (stopping).
function Server:check_force_nolb() end

---Marks the health check as failed.
function Server:check_force_down() end

---Enables the agent check.
function Server:agent_enable() end

---Disables the agent check.
function Server:agent_disable() end

---Marks the agent check as up.
function Server:agent_force_up() end

---Marks the agent check as down.
function Server:agent_force_down() end

---The server that it tracks.
---@return Server?
function Server:tracking() end

---The servers that track it.
---@return Server[]
function Server:get_trackers() end

---Subscribes to events of this server only; cheaper than filtering in a handler of `core.event_sub`.
---@param event_types ServerEventType[]
---@param func fun(event: string, data: ServerEvent, sub: EventSub, when: integer) `when`: seconds since the epoch
---@return EventSub
function Server:event_sub(event_types, func) end
