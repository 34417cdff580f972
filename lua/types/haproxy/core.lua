---@meta

---The process: registrations, waiting, logs, sockets, events, maps.
---
---*Contexts* are the places where a function may be called: `body` (while the file is loaded), `init` (functions of `register_init`),
---`task`, `event`, `action`, `fetch`, `converter`, `service`, `cli`.
---@class core
core = {}

---All proxies by name; a frontend takes precedence over a backend of the same name. Empty while the configuration is parsed.
---
---Contexts: init, task, event, action, fetch, converter
---@type table<string, Proxy>
core.proxies = {}

---All backends by name.
---
---Contexts: init, task, event, action, fetch, converter
---@type table<string, Proxy>
core.backends = {}

---All frontends by name.
---
---Contexts: init, task, event, action, fetch, converter
---@type table<string, Proxy>
core.frontends = {}

---The thread of this Lua state, from 1, with `lua-load-per-thread`; 0 for the state shared by all threads with
---`lua-load`.
---@type integer
core.thread = 0

---For `TXN:set_loglevel`: disables logging.
---@type integer
core.silent = -1
---The system is unusable.
---@type integer
core.emerg = 0
---Action must be taken immediately.
---@type integer
core.alert = 1
---Critical conditions.
---@type integer
core.crit = 2
---Error conditions.
---@type integer
core.err = 3
---Warning conditions.
---@type integer
core.warning = 4
---Normal but significant conditions.
---@type integer
core.notice = 5
---Informational messages.
---@type integer
core.info = 6
---Debug messages.
---@type integer
core.debug = 7

---@alias core.Loglevel integer A syslog level, 0 (`core.emerg`) to 7 (`core.debug`)

---Logs to the loggers of the `global` section. `tune.lua.log.stderr` controls whether the line is also written to
---stderr.
---
---Contexts: all
---@param loglevel core.Loglevel
---@param msg string unprintable characters are replaced by dots
function core.log(loglevel, msg) end

---`core.log` at level debug.
---
---Contexts: all
---@param msg string
function core.Debug(msg) end

---`core.log` at level info.
---
---Contexts: all
---@param msg string
function core.Info(msg) end

---`core.log` at level warning.
---
---Contexts: all
---@param msg string
function core.Warning(msg) end

---`core.log` at level alert.
---
---Contexts: all
---@param msg string
function core.Alert(msg) end

---Finds a map or an ACL by its file name, `virt@…` or `opt@…`. Raises an error if it does not exist.
---
---Contexts: init, task, event, action, fetch, converter
---@param name string
---@return Patref
function core.get_patref(name) end

---Adds an entry to an ACL.
---
---Contexts: init, task, event, action, fetch, converter
---@param name string the file name in the configuration
---@param key string
function core.add_acl(name, key) end

---Deletes an entry of an ACL.
---
---Contexts: init, task, event, action, fetch, converter
---@param name string the file name in the configuration
---@param key string
function core.del_acl(name, key) end

---Sets or adds an entry of a map.
---
---Contexts: init, task, event, action, fetch, converter
---@param name string the file name in the configuration
---@param key string
---@param value string
function core.set_map(name, key, value) end

---Deletes an entry of a map.
---
---Contexts: init, task, event, action, fetch, converter
---@param name string the file name in the configuration
---@param key string
function core.del_map(name, key) end

---The values of `show info`.
---
---Contexts: all
---@return table<string, string|integer>
function core.get_info() end

---Reads a variable of the process.
---
---Contexts: all
---@param var string name with scope `proc.`
---@return string|integer|boolean|nil
function core.get_var(var) end

---The time of day.
---
---Contexts: all
---@return { sec: integer, usec: integer } # seconds since the epoch, and microseconds
function core.now() end

---Parses a date in any of the three HTTP formats.
---
---Contexts: all
---@param date string
---@return integer? # seconds since the epoch; nil if invalid
function core.http_date(date) end

---Parses a date such as `Tue, 15 Nov 1994 08:12:31 GMT`.
---
---Contexts: all
---@param date string
---@return integer? # seconds since the epoch; nil if invalid
function core.imf_date(date) end

---Parses a date such as `Tuesday, 15-Nov-94 08:12:31 GMT`.
---
---Contexts: all
---@param date string
---@return integer? # seconds since the epoch; nil if invalid
function core.rfc850_date(date) end

---Parses a date such as `Tue Nov 15 08:12:31 1994`.
---
---Contexts: all
---@param date string
---@return integer? # seconds since the epoch; nil if invalid
function core.asctime_date(date) end

---Sleeps. Returns immediately in contexts that cannot wait.
---
---Contexts: task, event, action, service, cli
---@param milliseconds integer
function core.msleep(milliseconds) end

---Sleeps. Returns immediately in contexts that cannot wait.
---
---Contexts: task, event, action, service, cli
---@param seconds integer
function core.sleep(seconds) end

---Yields to other tasks.
---
---Contexts: task, event, action, service, cli
function core.yield() end

---Waits until the task is woken by a queue with an `alarm`, or until the timeout.
---
---Contexts: task, event, action, service, cli
---@param milliseconds? integer timeout (default: none)
function core.wait(milliseconds) end

---Ends the function called by HAProxy, from any call depth.
---
---Contexts: all
---@param data? any the return value, such as `act.DENY` for an action
function core.done(data) end

---Sets the priority of the current task.
---
---Contexts: task, event, action, fetch, converter
---@param nice integer from -1024 (highest priority) to 1024
function core.set_nice(nice) end

---@alias core.ActionPlace
---| '"tcp-req"' # tcp-request rules
---| '"tcp-res"' # tcp-response rules
---| '"http-req"' # http-request rules
---| '"http-res"' # http-response rules
---| '"http-after-res"' # http-after-response rules

---Registers the action `lua.NAME`. It may return one of the values of `act`.
---
---Contexts: body
---@param name string
---@param actions core.ActionPlace[] rule sets in which it can be used
---@param func fun(txn: TXN, ...: string): integer?
---@param nb_args? integer number of arguments in the configuration (default: 0)
function core.register_action(name, actions, func, nb_args) end

---Registers the converter `lua.NAME`.
---
---Contexts: body
---@param name string
---@param func fun(sample: any, ...: string): string|integer|boolean|nil
function core.register_converters(name, func) end

---Registers the sample fetch `lua.NAME`.
---
---Contexts: body
---@param name string
---@param func fun(txn: TXN, ...: string): string|integer|boolean|nil
function core.register_fetches(name, func) end

---Registers the filter `lua.NAME`.
---
---Contexts: body
---@param name string
---@param Flt FilterClass the class instantiated for each stream
---@param func fun(flt: FilterClass, args: string[]): FilterClass? called for each use in the configuration; nil: no filter
function core.register_filter(name, Flt, func) end

---Registers the service `lua.NAME`, which responds to clients instead of a server.
---
---Contexts: body
---@param name string
---@param mode '"tcp"'|'"http"'
---@param func fun(applet: AppletHTTP|AppletTCP) called with an AppletHTTP in mode http, an AppletTCP in mode tcp
function core.register_service(name, mode, func) end

---Calls a function once, after the configuration is complete and before anything else runs. An error prevents HAProxy
---from starting.
---
---Contexts: body
---@param func fun()
function core.register_init(func) end

---Starts a task, which runs in the background as soon as HAProxy runs.
---
---Contexts: body, init, task, event, action, fetch, converter
---@param func fun(...: any)
---@param arg1? any
---@param arg2? any
---@param arg3? any
---@param arg4? any
function core.register_task(func, arg1, arg2, arg3, arg4) end

---Registers a runtime API command.
---
---Contexts: body
---@param path string[] the words of the command
---@param usage string its text in `help`
---@param func fun(applet: AppletTCP, ...: string) called with the words of the command as given
function core.register_cli(path, usage, func) end

---Creates an unconnected socket.
---
---Contexts: init, task, event, action, service, cli
---@return Socket
function core.tcp() end

---Creates a client for one HTTP request.
---
---Contexts: task, event, action, service, cli
---@return HTTPClient
function core.httpclient() end

---A buffer for efficient string concatenation.
---
---Contexts: all
---@return Concat
function core.concat() end

---Creates a queue for passing work between tasks and handlers.
---
---Contexts: all
---@return Queue
function core.queue() end

---@alias core.Network userdata the result of `core.parse_addr`

---Parses an address or a network.
---
---Contexts: all
---@param address string such as `192.0.2.1`, `192.0.2.0/24` or `2001:db8::/32`
---@return core.Network? # nil if invalid
function core.parse_addr(address) end

---Whether one network contains the other.
---
---Contexts: all
---@param addr1 core.Network?
---@param addr2 core.Network?
---@return boolean
function core.match_addr(addr1, addr2) end

---Splits a text at any of the given characters.
---
---Contexts: all
---@param str string
---@param separators string each character is a separator
---@param noblank? boolean omits empty parts
---@return string[]
function core.tokenize(str, separators, noblank) end

---Subscribes to events of all servers. A subscription belongs to the thread that created it; its events are handled one at a
---time, so a handler that waits delays the following ones. With more than 100 queued events it is paused and misses events.
---
---A subscription created in an init function misses no events; one created in a task can miss the first ones.
---
---Contexts: all
---@param event_types ServerEventType[]
---@param func fun(event: string, data: ServerEvent, sub: EventSub, when: integer) `when`: seconds since the epoch
---@return EventSub
function core.event_sub(event_types, func) end

---Disables HAProxy's built-in mailer, because the script sends mails (see `Proxy:get_mailers`).
---
---Contexts: body, init
function core.disable_legacy_mailers() end

---Requests access to the mailers of the configuration, as needed by HAProxy 3.3 and later. HAProxy 3.2 does not have this function: scripts
---for both versions test whether it exists. In hapsim it disables the built-in mailer like `core.disable_legacy_mailers`.
---
---Contexts: body, init
function core.use_native_mailers_config() end
