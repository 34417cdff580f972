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

---Which one of those that have had its number it is: another server that comes in its place has another.
---@return string
function Server:get_rid() end

---Whether it takes no new clients (`drain`).
---@return boolean
function Server:is_draining() end

---Whether it is a backup server.
---@return boolean
function Server:is_backup() end

---Whether it was added at run time.
---@return boolean
function Server:is_dynamic() end

---How many sessions it has now.
---@return integer
function Server:get_cur_sess() end

---How many connections wait for it.
---@return integer
function Server:get_pend_conn() end

---Sets how many connections it takes at most.
---@param maxconn string a number, as `set maxconn server` takes it
---@return string? # what is wrong with it
function Server:set_maxconn(maxconn) end

---How many connections it takes at most; 0: any number.
---@return integer
function Server:get_maxconn() end

---Sets its share of the traffic.
---@param weight string a number from 0 to 256, or a percentage of the configured one, as `set weight` takes it
---@return string? # what is wrong with it
function Server:set_weight(weight) end

---Its share of the traffic.
---@return integer
function Server:get_weight() end

---Moves it to another address.
---@param addr string
---@param port? string
---@return string # what has been done, or what is wrong
function Server:set_addr(addr, port) end

---Its address and port: `10.0.0.1:80`.
---@return string
function Server:get_addr() end

---What `show stat` tells about it.
---@return table<string, string|integer>
function Server:get_stats() end

---The backend that it belongs to.
---@return Proxy?
function Server:get_proxy() end

---Ends all its sessions.
function Server:shut_sess() end

---It keeps its clients and takes no new ones.
function Server:set_drain() end

---Puts it into maintenance: no traffic, no checks.
function Server:set_maint() end

---Ends maintenance and drain.
function Server:set_ready() end

---Switches its health check on.
function Server:check_enable() end

---Switches its health check off.
function Server:check_disable() end

---The health check counts as passed: it is up.
function Server:check_force_up() end

---The health check counts as passed with a condition: it takes no new clients.
function Server:check_force_nolb() end

---The health check counts as failed: it is down.
function Server:check_force_down() end

---Switches its agent check on.
function Server:agent_enable() end

---Switches its agent check off.
function Server:agent_disable() end

---The agent counts as one that says it is up.
function Server:agent_force_up() end

---The agent counts as one that says it is down.
function Server:agent_force_down() end

---The server whose state it follows (`track`).
---@return Server?
function Server:tracking() end

---The servers that follow its state.
---@return Server[]
function Server:get_trackers() end

---Calls a function at events of this server alone: as `core.event_sub`, and cheaper than choosing in the handler.
---@param event_types ServerEventType[]
---@param func fun(event: string, data: ServerEvent, sub: EventSub, when: integer) `when`: seconds since 1970
---@return EventSub
function Server:event_sub(event_types, func) end
