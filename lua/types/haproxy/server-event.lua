---@meta

---@alias ServerEventType
---| '"SERVER"' # all event types: for trying things out only
---| '"SERVER_ADD"' # a server was added
---| '"SERVER_DEL"' # a server was deleted
---| '"SERVER_UP"' # a server that was down is up
---| '"SERVER_DOWN"' # a server that was up is down
---| '"SERVER_STATE"' # its state changed; comes with every UP and DOWN as well
---| '"SERVER_ADMIN"' # an administrative change: maintenance or drain
---| '"SERVER_CHECK"' # a check completed; frequent
---| '"SERVER_INETADDR"' # its address changed

---The data of SERVER events.
---@class ServerEvent
---@field name string the server's name
---@field puid integer its number, unique in its proxy
---@field rid integer which one of those that have had this number it is
---@field proxy_name string the backend's name
---@field proxy_uuid integer the backend's number
---@field reference Server? the server itself, if it is still there; never at SERVER_DEL
---@field state ServerEventState? at SERVER_STATE
---@field admin ServerEventAdmin? at SERVER_ADMIN
---@field check ServerEventCheckRes? at SERVER_CHECK

---The result of a check.
---@class ServerEventCheckRes
---@field result '"FAILED"'|'"PASSED"'|'"CONDPASS"'|nil
---@field agent boolean whether an agent check it was; else a health check
---@field duration integer milliseconds; -1 when it was not measured
---@field reason { short: string, desc: string, code: integer? } status such as `L7OK`, description, and response code such as 200
---@field health { cur: integer, rise: integer, fall: integer } down below `rise`; at most `rise` + `fall` - 1

---@alias ServerEventState.Name
---| '"STOPPED"' # down
---| '"STOPPING"' # up, on its way out
---| '"STARTING"' # up, warming up (`slowstart`)
---| '"RUNNING"' # up

---A change of a server's state.
---@class ServerEventState
---@field admin boolean whether it is an administrative change, not caused by a check
---@field check ServerEventCheckRes? the check that caused it
---@field cause string description; may be empty
---@field new_state ServerEventState.Name
---@field old_state ServerEventState.Name
---@field requeued integer how many waiting connections were given to others, or may come to it now

---Which of the reasons for maintenance and drain hold.
---@class ServerEventAdmin.Flags
---@field MAINT boolean in maintenance, for any of the next four
---@field FMAINT boolean forced maintenance
---@field IMAINT boolean the server that it tracks is in maintenance
---@field RMAINT boolean its name has no address
---@field CMAINT boolean set by the configuration
---@field DRAIN boolean in drain, for any of the next two
---@field FDRAIN boolean forced drain
---@field IDRAIN boolean the server that it tracks is in drain

---An administrative change.
---@class ServerEventAdmin
---@field cause string description; may be empty
---@field new_admin ServerEventAdmin.Flags
---@field old_admin ServerEventAdmin.Flags
---@field requeued integer how many waiting connections were given to others, or may come to it now
