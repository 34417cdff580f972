---@meta hapsim

---What `require("hapsim")` gives to tests: a world with HAProxy in it. The same as in TypeScript, in the words of Lua.
---Durations are HAProxy's (`"200ms"`, `"5s"`) or numbers of milliseconds; addresses are `"127.0.0.1:25"`.
local hapsim = {}

---@alias hapsim.Duration string|number

---@class hapsim.SimulationOptions
---@field seed? integer fixes all chance (1)
---@field epoch? integer the time of day at which it begins, in milliseconds since 1970

---A world of its own. Nothing happens in it but while time passes.
---@param options? hapsim.SimulationOptions
---@return hapsim.Simulation
function hapsim.simulation(options) end

---@class hapsim.Simulation
---@field now number milliseconds since it began
---@field seed integer
---@field hash string what names this run: two runs with one hash went the same way
local Simulation = {}

---Lets time pass.
---@param duration hapsim.Duration
function Simulation:advance(duration) end

---Lets time pass until something holds, asked for after every step.
---@param condition fun(): boolean
---@param limit hapsim.Duration
---@return boolean # whether it did in time
function Simulation:run_until(condition, limit) end

---Lets everything that is under way come to its end.
---@param limit? hapsim.Duration
---@return boolean # whether it did in time
function Simulation:settle(limit) end

---Does something later.
---@param time hapsim.Duration since the beginning
---@param action fun()
function Simulation:at(time, action) end

---A mail server.
---@param address string
---@param options? hapsim.SmtpOptions
---@return hapsim.SmtpServer
function Simulation:smtp(address, options) end

---A web server.
---@param address string
---@param options? hapsim.ServerOptions
---@return hapsim.HttpServer
function Simulation:http(address, options) end

---A server that takes connections.
---@param address string
---@param options? hapsim.ServerOptions
---@return hapsim.TcpServer
function Simulation:tcp(address, options) end

---A name server, for the `nameserver` of a section `resolvers`. It knows no name until it is told of one.
---@param address string
---@return hapsim.DnsServer
function Simulation:dns(address) end

---A client on HAProxy's own host, for its frontends and its `stats socket`.
---@return hapsim.Client
function Simulation:client() end

---A HAProxy process, not started yet.
---@param options string|hapsim.HaproxyOptions the text of a configuration, or more
---@return hapsim.Haproxy
function Simulation:haproxy(options) end

---@class hapsim.HaproxyOptions
---@field file? string the name of a configuration's file
---@field config? string the text of a configuration
---@field files? table<string, string> files by their names; others come from the disk
---@field name? string what traces call the process (`haproxy`)
---@field lua? '"5.3"'|'"5.4"' the language of its scripts (`5.4`)
---@field machine? hapsim.Machine
---@field exec? fun(command: hapsim.Command): hapsim.CommandOutcome runs the commands of `option external-check`
---@field allow? hapsim.Rights what the process may do of that which the command allows (all of it)

---@class hapsim.Machine
---@field hostname? string
---@field cpus? integer
---@field environment? table<string, string> added to the variables of `--env`

---@class hapsim.Command
---@field path string
---@field args string[]
---@field environment table<string, string>
---@field limit integer microseconds after which it is ended

---@class hapsim.CommandOutcome
---@field exit_code integer 0: the check has passed
---@field duration integer microseconds of virtual time that it takes

---@class hapsim.Rights
---@field exec? boolean run programs (`--allow-exec`)
---@field write? boolean write files (`--allow-write`)

---@class hapsim.ServerOptions
---@field name? string what the trace calls it
---@field tls? hapsim.Tls it speaks TLS

---@class hapsim.SmtpOptions: hapsim.ServerOptions
---@field accounts? table<string, string> passwords by user: AUTH is offered, and mails are taken only from who has logged in
---@field auth_optional? boolean mails are taken without it, too
---@field starttls? boolean|hapsim.Tls STARTTLS is offered
---@field require_tls? boolean nothing is taken before TLS

---How a server speaks TLS.
---@class hapsim.Tls
---@field names? string[] the names in its certificate
---@field issuer? string the ca-file that knows who issued it; without it, every one does
---@field expired? boolean
---@field min_version? string
---@field max_version? string
---@field alpn? string[]
---@field handshake? '"hang"'|'"close"' what becomes of handshakes
---@field plain_too? boolean clients that speak first, and plainly, are served too

---What all servers know.
---@class hapsim.Server
---@field name string
---@field mode string
---@field open_connections integer how many there are now
local Server = {}

---Closes the connections that are made, each once all is sent; new ones are taken as before.
function Server:close_connections() end

---Connections are refused.
function Server:refuse() end

---Connections are made, and nothing is said.
---@param where? '"connect"' not even connections are made
function Server:hang(where) end

---Connections are reset at once.
function Server:reset() end

---Everything as usual.
function Server:accept() end

---How it speaks TLS on new connections; nothing: plainly.
---@param tls? hapsim.Tls
function Server:tls(tls) end

---Ends it for good: nobody listens any more, and connections are reset.
function Server:stop() end

---@class hapsim.Mail
---@field from string
---@field to string
---@field subject string
---@field date string
---@field body string
---@field headers table<string, string> by names in lower case
---@field user? string whom the client has logged in as
---@field mechanism? string how it did: PLAIN or LOGIN
---@field tls boolean whether it came over TLS
---@field at integer microseconds since the beginning

---@class hapsim.SmtpServer: hapsim.Server
---@field mails hapsim.Mail[]
---@field connections integer
local SmtpServer = {}

---@alias hapsim.SmtpStep '"connect"'|'"helo"'|'"mail"'|'"rcpt"'|'"data"'|'"body"'|'"quit"'|'"starttls"'|'"auth"'

---Answers with a code at a step.
---@param step hapsim.SmtpStep
---@param code integer
---@param text? string
function SmtpServer:answer(step, code, text) end

---Waits before each answer.
---@param delay hapsim.Duration
function SmtpServer:slow(delay) end

---Closes the connection where it would answer at a step.
---@param step hapsim.SmtpStep
function SmtpServer:drop_at(step) end

---Resets the connection where it would answer at a step.
---@param step hapsim.SmtpStep
function SmtpServer:reset_at(step) end

---Says nothing any more from where it would answer at a step.
---@param step hapsim.SmtpStep
function SmtpServer:hang_at(step) end

---Calls a function for each mail from now on.
---@param listener fun(mail: hapsim.Mail)
function SmtpServer:on_mail(listener) end

---@class hapsim.HttpRequest
---@field method string
---@field path string
---@field version string `1.0` or `1.1`
---@field headers table<string, string> by names in lower case
---@field body string
---@field text string the same, as is `bytes`: strings of Lua are bytes
---@field bytes string
---@field at integer microseconds since the beginning

---@class hapsim.HttpResponse
---@field status? integer 200
---@field reason? string
---@field headers? table<string, string|integer>
---@field body? string
---@field close? boolean the connection is closed after it
---@field delay? hapsim.Duration

---@alias hapsim.HttpReply integer|hapsim.HttpResponse|'"close"'|'"reset"'

---@class hapsim.HttpServer: hapsim.Server
---@field requests hapsim.HttpRequest[]
local HttpServer = {}

---Answers with a status, or with more, or ends the connection instead. A function that returns nothing leaves a request without an answer.
---@param response hapsim.HttpReply|fun(request: hapsim.HttpRequest): hapsim.HttpReply?
function HttpServer:respond(response) end

---@class hapsim.TcpServer: hapsim.Server
---@field connections hapsim.Connection[]
---@field received string
local TcpServer = {}

---Says something to everyone who connects.
---@param text string
function TcpServer:greet(text) end

---Answers what comes.
---@param response string|fun(text: string): string?
function TcpServer:respond(response) end

---Closes every connection some time after it was made.
---@param lifetime hapsim.Duration
function TcpServer:close_after(lifetime) end

---@class hapsim.DnsServer
---@field name string
---@field questions { at: integer, name: string, type: string }[]
local DnsServer = {}

---Gives a name these addresses instead of what it had.
---@param name string
---@param ... string
function DnsServer:set(name, ...) end

---@class hapsim.DnsService
---@field target string the name of a host
---@field port integer
---@field weight? integer 0 … 65535; 0 if left out
---@field priority? integer 0 … 65535; 0 if left out
---@field ips? string[] addresses of the target that come with the record

---Gives a name these SRV records instead of what it had.
---@param name string
---@param ... hapsim.DnsService
function DnsServer:srv(name, ...) end

---Makes a name another name of `target`.
---@param name string
---@param target string
function DnsServer:alias(name, target) end

---Has questions for a name fail.
---@param name string
---@param how '"nx"'|'"refused"'|'"failure"'|'"truncated"'|'"silent"'
function DnsServer:fail(name, how) end

---Answers nobody any more.
function DnsServer:hang() end

---Answers again.
function DnsServer:accept() end

---@class hapsim.Client
---@field connections hapsim.Connection[]
local Client = {}

---@param to string an address: `"127.0.0.1:80"`, `"/run/haproxy.sock"`
---@return hapsim.Connection
function Client:connect(to) end

---@class hapsim.Connection
---@field received string
---@field from string?
---@field at integer? microseconds since the beginning
---@field open boolean?
---@field state string?
---@field error string?
---@field ended boolean?
---@field is_encrypted boolean? whether TLS is spoken
local Connection = {}

---Sends something.
---@param text string
function Connection:say(text) end

---Speaks TLS from here on, as a client.
function Connection:secure() end

---Has no more to say, and still listens.
function Connection:finish() end

function Connection:close() end

function Connection:reset() end

---@class hapsim.LogRecord
---@field at integer microseconds since the beginning
---@field level string
---@field message string
---@field proxy string

---@class hapsim.MessageRecord
---@field at integer microseconds since the beginning
---@field severity '"alert"'|'"warning"'|'"notice"'|'"diag"'
---@field text string

---@class hapsim.EventRecord
---@field at integer microseconds since the beginning
---@field name string
---@field proxy string
---@field server string
---@field data table

---A server of a backend, as a test looks at it.
---@class hapsim.ServerView
---@field status string as `show stat` has it: `UP`, `UP 1/2`, `DOWN`, `MAINT`, `no check` …
---@field weight integer
---@field address string
local ServerView = {}

---A task of the process.
---@class hapsim.TaskView
---@field name string `Lua task mailers.lua:12`, `check app/web1` …
---@field thread integer
---@field runnable boolean
---@field wakes_at number? when it wakes by itself, in milliseconds since the beginning
---@field waiting boolean whether it is a script's and has no date to wake at

---@class hapsim.StuckTask
---@field name string
---@field place string? where it waits: `mailers.lua:15`
---@field reason string

---@class hapsim.Haproxy
---@field name string
---@field logs hapsim.LogRecord[]
---@field messages hapsim.MessageRecord[] what it told the operator
---@field events hapsim.EventRecord[]
---@field output string[] what scripts printed
---@field uptime number milliseconds since it was started
---@field tasks hapsim.TaskView[]
---@field stuck_tasks hapsim.StuckTask[] tasks, handlers and commands of scripts that nothing can wake any more
---@field subscriptions table[]
local Haproxy = {}

---Raises HAProxy's messages where HAProxy would not start.
---@return hapsim.Haproxy
function Haproxy:start() end

function Haproxy:stop() end

---Gives a command to the runtime API.
---@param command string
---@return string # the answer
function Haproxy:cli(command) end

---@param path string `backend/server`
---@return hapsim.ServerView
function Haproxy:server(path) end

---Runs Lua in the process, as a task, and returns its values.
---@param code string
---@param ... any
---@return any ...
function Haproxy:eval(code, ...) end

---Calls a global function of the scripts, as a task, and returns its values.
---@param name string
---@param ... any
---@return any ...
function Haproxy:call(name, ...) end

---Gives an event that nothing has caused to those who subscribe to it.
---@param event ServerEventType
---@param server string `backend/server`
---@param data? table
function Haproxy:publish(event, server, data) end

return hapsim
