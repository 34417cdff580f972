---@meta

---@alias ServerEventType
---| '"SERVER"' # all of them: for trying things out only
---| '"SERVER_ADD"' # a server was added
---| '"SERVER_DEL"' # a server was deleted
---| '"SERVER_UP"' # a server that was down is up
---| '"SERVER_DOWN"' # a server that was up is down
---| '"SERVER_STATE"' # its state changed; comes with every UP and DOWN as well
---| '"SERVER_ADMIN"' # somebody put it into maintenance or drain, or took it out
---| '"SERVER_CHECK"' # a check has come to an end: there are many
---| '"SERVER_INETADDR"' # its address changed

---What handlers of SERVER events are told.
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

---What came of a check.
---@class ServerEventCheckRes
---@field result '"FAILED"'|'"PASSED"'|'"CONDPASS"'|nil
---@field agent boolean whether an agent check it was; else a health check
---@field duration integer milliseconds; -1 when it was not measured
---@field reason { short: string, desc: string, code: integer? } its status, such as `L7OK`, in words, and what the server answered, such as 200
---@field health { cur: integer, rise: integer, fall: integer } down below `rise`; at most `rise` + `fall` - 1

---@alias ServerEventState.Name
---| '"STOPPED"' # down
---| '"STOPPING"' # up, on its way out
---| '"STARTING"' # up, warming up (`slowstart`)
---| '"RUNNING"' # up

---A change of a server's state.
---@class ServerEventState
---@field admin boolean whether somebody asked for it; else a check caused it
---@field check ServerEventCheckRes? the check that caused it
---@field cause string in words; may be empty
---@field new_state ServerEventState.Name
---@field old_state ServerEventState.Name
---@field requeued integer how many waiting connections were given to others, or may come to it now

---Which of the reasons for maintenance and drain hold.
---@class ServerEventAdmin.Flags
---@field MAINT boolean in maintenance, for any of the next four
---@field FMAINT boolean somebody asked for maintenance
---@field IMAINT boolean the server that it tracks is in maintenance
---@field RMAINT boolean its name has no address
---@field CMAINT boolean the configuration says so
---@field DRAIN boolean in drain, for any of the next two
---@field FDRAIN boolean somebody asked for drain
---@field IDRAIN boolean the server that it tracks is in drain

---A change that somebody asked for.
---@class ServerEventAdmin
---@field cause string in words; may be empty
---@field new_admin ServerEventAdmin.Flags
---@field old_admin ServerEventAdmin.Flags
---@field requeued integer how many waiting connections were given to others, or may come to it now
