---@meta

---What a script asks of the process that it lives in: registrations, waiting, logs, sockets, events, maps.
---
---*Contexts* name where a function may be called: `body` (while the file is loaded), `init` (functions of `register_init`),
---`task`, `event`, `action`, `fetch`, `converter`, `service`, `cli`.
---@class core
core = {}

---Every proxy by its name, frontends before backends of the same name. Empty as long as the configuration is read.
---
---Contexts: init, task, event, action, fetch, converter
---@type table<string, Proxy>
core.proxies = {}

---Every proxy that has servers, by its name.
---
---Contexts: init, task, event, action, fetch, converter
---@type table<string, Proxy>
core.backends = {}

---Every proxy that has listeners, by its name.
---
---Contexts: init, task, event, action, fetch, converter
---@type table<string, Proxy>
core.frontends = {}

---The number of the thread that this Lua state belongs to, from 1, with `lua-load-per-thread`; 0 for the state that
---`lua-load` shares among all threads.
---@type integer
core.thread = 0

---For `TXN:set_loglevel`: nothing is logged.
---@type integer
core.silent = -1
---The system is unusable.
---@type integer
core.emerg = 0
---Somebody has to act at once.
---@type integer
core.alert = 1
---A critical condition.
---@type integer
core.crit = 2
---An error.
---@type integer
core.err = 3
---A warning.
---@type integer
core.warning = 4
---Normal, but worth a note.
---@type integer
core.notice = 5
---For information.
---@type integer
core.info = 6
---For those who look for faults.
---@type integer
core.debug = 7

---@alias core.Loglevel integer A level of syslog, 0 (`core.emerg`) to 7 (`core.debug`)

---Writes a log line to the loggers of the `global` section. Where it goes to the terminal as well is said by
---`tune.lua.log.stderr`.
---
---Contexts: all
---@param loglevel core.Loglevel
---@param msg string what cannot be printed becomes a dot
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

---Finds a map or an ACL by its name: that of its file, or `virt@…`, `opt@…`. Raises an error when there is none.
---
---Contexts: init, task, event, action, fetch, converter
---@param name string
---@return Patref
function core.get_patref(name) end

---Adds an entry to an ACL.
---
---Contexts: init, task, event, action, fetch, converter
---@param name string the ACL's file, as the configuration names it
---@param key string
function core.add_acl(name, key) end

---Takes an entry out of an ACL.
---
---Contexts: init, task, event, action, fetch, converter
---@param name string the ACL's file, as the configuration names it
---@param key string
function core.del_acl(name, key) end

---Sets an entry of a map, which is added when it is not there.
---
---Contexts: init, task, event, action, fetch, converter
---@param name string the map's file, as the configuration names it
---@param key string
---@param value string
function core.set_map(name, key, value) end

---Takes an entry out of a map.
---
---Contexts: init, task, event, action, fetch, converter
---@param name string the map's file, as the configuration names it
---@param key string
function core.del_map(name, key) end

---What `show info` tells about the process.
---
---Contexts: all
---@return table<string, string|integer>
function core.get_info() end

---Reads a variable of the process.
---
---Contexts: all
---@param var string with its scope, which has to be `proc.`
---@return string|integer|boolean|nil
function core.get_var(var) end

---The time of day.
---
---Contexts: all
---@return { sec: integer, usec: integer } # seconds since 1970, and microseconds beyond
function core.now() end

---Reads a date in any of the three forms of HTTP.
---
---Contexts: all
---@param date string
---@return integer? # seconds since 1970; nil when it is no date
function core.http_date(date) end

---Reads a date such as `Tue, 15 Nov 1994 08:12:31 GMT`.
---
---Contexts: all
---@param date string
---@return integer? # seconds since 1970; nil when it is no date
function core.imf_date(date) end

---Reads a date such as `Tuesday, 15-Nov-94 08:12:31 GMT`.
---
---Contexts: all
---@param date string
---@return integer? # seconds since 1970; nil when it is no date
function core.rfc850_date(date) end

---Reads a date such as `Tue Nov 15 08:12:31 1994`.
---
---Contexts: all
---@param date string
---@return integer? # seconds since 1970; nil when it is no date
function core.asctime_date(date) end

---Waits. In contexts that cannot wait it returns at once.
---
---Contexts: task, event, action, service, cli
---@param milliseconds integer
function core.msleep(milliseconds) end

---Waits. In contexts that cannot wait it returns at once.
---
---Contexts: task, event, action, service, cli
---@param seconds integer
function core.sleep(seconds) end

---Lets others run and goes on as soon as it is its turn again.
---
---Contexts: task, event, action, service, cli
function core.yield() end

---Waits until something wakes this task: a queue with an `alarm`, or the time limit.
---
---Contexts: task, event, action, service, cli
---@param milliseconds? integer the longest that it waits; without end unless given
function core.wait(milliseconds) end

---Ends the function that HAProxy has called, from however deep within.
---
---Contexts: all
---@param data? any what the function returns, such as `act.DENY` for an action
function core.done(data) end

---Sets the priority of the current task.
---
---Contexts: task, event, action, fetch, converter
---@param nice integer from -1024 (often) to 1024 (seldom)
function core.set_nice(nice) end

---@alias core.ActionPlace
---| '"tcp-req"' # tcp-request rules
---| '"tcp-res"' # tcp-response rules
---| '"http-req"' # http-request rules
---| '"http-res"' # http-response rules
---| '"http-after-res"' # http-after-response rules

---Makes an action that the configuration calls `lua.NAME`. It may return one of the values of `act`.
---
---Contexts: body
---@param name string
---@param actions core.ActionPlace[] where it can be used
---@param func fun(txn: TXN, ...: string): integer?
---@param nb_args? integer how many arguments it takes in the configuration (none unless given)
function core.register_action(name, actions, func, nb_args) end

---Makes a converter that the configuration calls `lua.NAME`.
---
---Contexts: body
---@param name string
---@param func fun(sample: any, ...: string): string|integer|boolean|nil
function core.register_converters(name, func) end

---Makes a sample fetch that the configuration calls `lua.NAME`.
---
---Contexts: body
---@param name string
---@param func fun(txn: TXN, ...: string): string|integer|boolean|nil
function core.register_fetches(name, func) end

---Makes a filter that the configuration calls `lua.NAME`.
---
---Contexts: body
---@param name string
---@param Flt FilterClass what each stream gets an instance of
---@param func fun(flt: FilterClass, args: string[]): FilterClass? called for each line of the configuration; nil: no filter there
function core.register_filter(name, Flt, func) end

---Makes a service that the configuration calls `lua.NAME`: it answers clients in the place of a server.
---
---Contexts: body
---@param name string
---@param mode '"tcp"'|'"http"'
---@param func fun(applet: AppletHTTP|AppletTCP) gets an AppletHTTP in mode http, an AppletTCP in mode tcp
function core.register_service(name, mode, func) end

---Calls a function once, after the whole configuration is known and before anything else runs. An error in it keeps HAProxy
---from starting.
---
---Contexts: body
---@param func fun()
function core.register_init(func) end

---Starts a task: the function runs beside everything else, as soon as HAProxy runs.
---
---Contexts: body, init, task, event, action, fetch, converter
---@param func fun(...: any)
---@param arg1? any
---@param arg2? any
---@param arg3? any
---@param arg4? any
function core.register_task(func, arg1, arg2, arg3, arg4) end

---Makes a command of the runtime API.
---
---Contexts: body
---@param path string[] its words
---@param usage string what `help` says about it
---@param func fun(applet: AppletTCP, ...: string) gets the words of the command as it was given
function core.register_cli(path, usage, func) end

---A socket, which is not connected yet.
---
---Contexts: init, task, event, action, service, cli
---@return Socket
function core.tcp() end

---A client for one HTTP request.
---
---Contexts: task, event, action, service, cli
---@return HTTPClient
function core.httpclient() end

---A buffer that puts a long text together from short ones.
---
---Contexts: all
---@return Concat
function core.concat() end

---A queue through which tasks and handlers hand work to one another.
---
---Contexts: all
---@return Queue
function core.queue() end

---@alias core.Network userdata what `core.parse_addr` makes

---Reads an address or a network.
---
---Contexts: all
---@param address string such as `192.0.2.1`, `192.0.2.0/24` or `2001:db8::/32`
---@return core.Network? # nil when it is none
function core.parse_addr(address) end

---Whether two networks meet: one holds the other.
---
---Contexts: all
---@param addr1 core.Network?
---@param addr2 core.Network?
---@return boolean
function core.match_addr(addr1, addr2) end

---Takes a text apart at each of some characters.
---
---Contexts: all
---@param str string
---@param separators string every character of it separates
---@param noblank? boolean leaves empty parts out
---@return string[]
function core.tokenize(str, separators, noblank) end

---Calls a function at events of any server. A subscription belongs to the thread that made it; its events are handled one after
---the other, so a handler that waits holds the next ones up. With more than a hundred of them waiting, it is paused and misses some.
---
---A subscription made in an init function misses nothing; one made in a task can miss the first events.
---
---Contexts: all
---@param event_types ServerEventType[]
---@param func fun(event: string, data: ServerEvent, sub: EventSub, when: integer) `when`: seconds since 1970
---@return EventSub
function core.event_sub(event_types, func) end

---HAProxy itself sends no mails any more: the script does (see `Proxy:get_mailers`).
---
---Contexts: body, init
function core.disable_legacy_mailers() end

---Asks for the mailers of the configuration, which HAProxy 3.3 and later give to scripts only on request. HAProxy 3.2 does not have it: scripts
---for both versions look first whether it is there. In hapsim it switches the built-in mailer off, as `core.disable_legacy_mailers` does.
---
---Contexts: body, init
function core.use_native_mailers_config() end
