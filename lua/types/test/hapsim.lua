---@meta hapsim

---The module `hapsim` for tests: simulations of HAProxy. The same API as in TypeScript, in Lua's naming style.
---Durations are HAProxy's (`"200ms"`, `"5s"`) or numbers of milliseconds; addresses are `"127.0.0.1:25"`.
local hapsim = {}

---@alias hapsim.Duration string|number

---@class hapsim.SimulationOptions
---@field seed? integer seeds all randomness (default: 1)
---@field epoch? integer wall-clock time at the start, in milliseconds since the epoch

---Creates a simulation. Nothing happens in it unless time is advanced.
---@param options? hapsim.SimulationOptions
---@return hapsim.Simulation
function hapsim.simulation(options) end

---@class hapsim.Simulation
---@field now number milliseconds since the start
---@field seed integer
---@field hash string the trace hash: runs with equal hashes are equal
local Simulation = {}

---Advances time.
---@param duration hapsim.Duration
function Simulation:advance(duration) end

---Advances time until a condition holds, evaluated after every step.
---@param condition fun(): boolean
---@param limit hapsim.Duration
---@return boolean # false on timeout
function Simulation:run_until(condition, limit) end

---Advances time until pending work is complete.
---@param limit? hapsim.Duration
---@return boolean # false on timeout
function Simulation:settle(limit) end

---Schedules an action.
---@param time hapsim.Duration since the start
---@param action fun()
function Simulation:at(time, action) end

---A mail server.
---@param address string
---@param options? hapsim.SmtpOptions
---@return hapsim.SmtpServer
function Simulation:smtp(address, options) end

---A web server.
---@param address string
---@param options? hapsim.HttpServerOptions
---@return hapsim.HttpServer
function Simulation:http(address, options) end

---A TCP server.
---@param address string
---@param options? hapsim.ServerOptions
---@return hapsim.TcpServer
function Simulation:tcp(address, options) end

---A DNS server for the `nameserver` of a `resolvers` section. It has no names initially.
---@param address string
---@return hapsim.DnsServer
function Simulation:dns(address) end

---A client.
---@param address? string its IP address (default: HAProxy's host)
---@param options? { name?: string } its name in the trace
---@return hapsim.Client
function Simulation:client(address, options) end

---A HAProxy process, not yet started.
---@param options string|hapsim.HaproxyOptions the text of a configuration, or more
---@return hapsim.Haproxy
function Simulation:haproxy(options) end

---@class hapsim.HaproxyOptions
---@field file? string a configuration file
---@field config? string the text of a configuration
---@field files? table<string, string> file contents by name; other files are read from the disk
---@field name? string the name of the process in traces (default: `haproxy`)
---@field lua? '"5.3"'|'"5.4"' the Lua version of scripts (default: `5.4`)
---@field modules? boolean whether `require` finds stand-ins for C modules (default: that of the command)
---@field machine? hapsim.Machine
---@field exec? fun(command: hapsim.Command): hapsim.CommandOutcome runs the commands of `option external-check`
---@field allow? hapsim.Rights permissions, at most those of the command (default: all of those)

---@class hapsim.Machine
---@field hostname? string
---@field cpus? integer
---@field environment? table<string, string> added to the variables of `--env`

---@class hapsim.Command
---@field path string
---@field args string[]
---@field environment table<string, string>
---@field limit integer timeout in microseconds

---@class hapsim.CommandOutcome
---@field exit_code integer 0: the check has passed
---@field duration integer duration in microseconds of virtual time

---@class hapsim.Rights
---@field exec? boolean run programs (`--allow-exec`)
---@field write? boolean write files (`--allow-write`)

---@class hapsim.ServerOptions
---@field name? string its name in traces
---@field tls? hapsim.Tls use TLS

---@class hapsim.SmtpOptions: hapsim.ServerOptions
---@field accounts? table<string, string> passwords by user: offers and requires AUTH
---@field auth_optional? boolean do not require AUTH
---@field starttls? boolean|hapsim.Tls offer STARTTLS
---@field require_tls? boolean require TLS

---TLS options of a server.
---@class hapsim.Tls
---@field names? string[] the names in its certificate
---@field issuer? string the ca-file that contains its issuer; undefined: all of them
---@field expired? boolean
---@field min_version? string
---@field max_version? string
---@field alpn? string[]
---@field handshake? '"hang"'|'"close"' the behaviour of handshakes
---@field plain_too? boolean also accept clients that send plain text first

---Common to all servers.
---@class hapsim.Server
---@field name string
---@field mode string
---@field open_connections integer number of open connections
local Server = {}

---Closes open connections after sending pending data; new ones are accepted.
function Server:close_connections() end

---Refuses connections.
function Server:refuse() end

---Accepts connections but does not respond.
---@param where? '"connect"' do not accept connections either
function Server:hang(where) end

---Resets connections immediately.
function Server:reset() end

---Accepts connections normally.
function Server:accept() end

---How use TLS on new connections; nothing: plainly.
---@param tls? hapsim.Tls
function Server:tls(tls) end

---Stops the server permanently and resets its connections.
function Server:stop() end

---@class hapsim.Mail
---@field from string
---@field to string
---@field subject string
---@field date string
---@field body string
---@field headers table<string, string> by lower-case names
---@field user? string the authenticated user
---@field mechanism? string the AUTH mechanism: PLAIN or LOGIN
---@field tls boolean whether it was received over TLS
---@field at integer microseconds since the start

---@class hapsim.SmtpServer: hapsim.Server
---@field mails hapsim.Mail[]
---@field connections integer
local SmtpServer = {}

---@alias hapsim.SmtpStep '"connect"'|'"helo"'|'"mail"'|'"rcpt"'|'"data"'|'"body"'|'"quit"'|'"starttls"'|'"auth"'

---Replies with a code at a step.
---@param step hapsim.SmtpStep
---@param code integer
---@param text? string
function SmtpServer:answer(step, code, text) end

---Delays each reply.
---@param delay hapsim.Duration
function SmtpServer:slow(delay) end

---Closes the connection instead of replying at a step.
---@param step hapsim.SmtpStep
function SmtpServer:drop_at(step) end

---Resets the connection instead of replying at a step.
---@param step hapsim.SmtpStep
function SmtpServer:reset_at(step) end

---Stops replying at a step.
---@param step hapsim.SmtpStep
function SmtpServer:hang_at(step) end

---Calls a function for each mail received later.
---@param listener fun(mail: hapsim.Mail)
function SmtpServer:on_mail(listener) end

---A received request. Strings are bytes.
---@class hapsim.HttpRequest
---@field method string
---@field target string the request target as received
---@field path string its path, without the query
---@field query string? its query, without the `?`
---@field version string `1.0` or `1.1`
---@field headers table<string, string> by lower-case names; repeated ones are joined with `, `
---@field raw_headers { [1]: string, [2]: string }[] as received: in order, names in their original case
---@field trailers table<string, string> by lower-case names
---@field body string
---@field text string the same as `body` and `bytes`: Lua strings are bytes
---@field bytes string
---@field connection integer the number of the connection on this server, from 1
---@field from string the address of the client
---@field at integer microseconds since the start

---Header fields to send: by name, or a list of names and values; a list of values repeats the field, `false` omits one that is added by
---default.
---@alias hapsim.HeadersToSend table<string, string|number|boolean|(string|number)[]>|{ [1]: string, [2]: string|number }[]

---How a body is sent.
---@class hapsim.BodyOptions
---@field body? string
---@field pieces? string[]|integer the body in pieces, each written separately: a list, or a number of them
---@field interval? hapsim.Duration time between two pieces, and between the head and the first one
---@field chunked? boolean send it in chunks, one for each piece
---@field trailers? hapsim.HeadersToSend

---@class hapsim.InterimResponse
---@field status integer
---@field reason? string
---@field headers? hapsim.HeadersToSend

---@class hapsim.HttpResponse: hapsim.BodyOptions
---@field status? integer 200
---@field reason? string
---@field version? '"1.0"'|'"1.1"'
---@field headers? hapsim.HeadersToSend
---@field close? boolean close the connection afterwards
---@field until_close? boolean send no length: the body ends with the connection
---@field delay? hapsim.Duration
---@field interim? (integer|hapsim.InterimResponse)[] responses (1xx) before it
---@field stop? { after: integer, how: '"close"'|'"reset"'|'"hang"' } stop after a number of bytes of the body
---@field raw? string bytes to send instead

---@alias hapsim.HttpReply integer|hapsim.HttpResponse|'"close"'|'"reset"'|'"hang"'

---@class hapsim.RequestCondition
---@field method? string|string[]
---@field path? string without the query; `*` matches any characters
---@field query? string
---@field headers? table<string, string|boolean> `true`: present, `false`: absent

---@alias hapsim.HttpResponder hapsim.HttpReply|fun(request: hapsim.HttpRequest): hapsim.HttpReply?

---@class hapsim.HttpServerOptions: hapsim.ServerOptions
---@field keep_requests? integer how many requests to keep (default: all)

---@class hapsim.HttpServer: hapsim.Server
---@field requests hapsim.HttpRequest[]
---@field connections integer number of accepted connections
local HttpServer = {}

---Sets the response: to all requests, or to those that match a condition, where the one set last applies. A response is a status, a
---table, or how to end the connection; a function that returns nothing sends no response.
---@param response hapsim.HttpResponder
---@overload fun(self: hapsim.HttpServer, condition: string|hapsim.RequestCondition|(fun(request: hapsim.HttpRequest): any), response: hapsim.HttpResponder)
function HttpServer:respond(response) end

---@class hapsim.TcpServer: hapsim.Server
---@field connections hapsim.Connection[]
---@field received string
local TcpServer = {}

---Sends a greeting on each connection.
---@param text string
function TcpServer:greet(text) end

---Sets the response to received data.
---@param response string|fun(text: string): string?
function TcpServer:respond(response) end

---Closes every connection after a time.
---@param lifetime hapsim.Duration
function TcpServer:close_after(lifetime) end

---@class hapsim.DnsServer
---@field name string
---@field questions { at: integer, name: string, type: string }[]
local DnsServer = {}

---Sets the addresses of a name.
---@param name string
---@param ... string
function DnsServer:set(name, ...) end

---@class hapsim.DnsService
---@field target string the host name
---@field port integer
---@field weight? integer 0 … 65535 (default: 0)
---@field priority? integer 0 … 65535 (default: 0)
---@field ips? string[] addresses of the target, sent as additional records

---Sets the SRV records of a name.
---@param name string
---@param ... hapsim.DnsService
function DnsServer:srv(name, ...) end

---Sets an alias (CNAME) of `target`.
---@param name string
---@param target string
function DnsServer:alias(name, target) end

---Makes queries for a name fail.
---@param name string
---@param how '"nx"'|'"refused"'|'"failure"'|'"truncated"'|'"silent"'
function DnsServer:fail(name, how) end

---Stops responding.
function DnsServer:hang() end

---Responds again.
function DnsServer:accept() end

---Options of a request. Host, Content-Length or Transfer-Encoding, and Connection are added unless they are among the headers.
---@class hapsim.RequestOptions: hapsim.BodyOptions
---@field headers? hapsim.HeadersToSend
---@field version? '"1.0"'|'"1.1"'
---@field target? string the request target (default: that of the URL)
---@field keep_alive? boolean keep the connection for further requests
---@field connection? '"new"'|hapsim.Connection the connection of an earlier request, to pipeline (default: an idle one)
---@field to? string the address to connect to (default: that of the URL)
---@field delay? hapsim.Duration before the request is sent
---@field continue_timeout? hapsim.Duration how long the body waits for 100 Continue, with `Expect: 100-continue`
---@field limit? hapsim.Duration how long methods that wait do so (default: 1m)

---@class hapsim.Client
---@field name string
---@field connections hapsim.Connection[]
local Client = {}

---Sends a GET request and advances time until the answer is complete. Raises an error if no answer arrives.
---@param url string `http://127.0.0.1:8080/path`
---@param options? hapsim.RequestOptions
---@return hapsim.HttpAnswer
function Client:get(url, options) end

---Sends a HEAD request.
---@param url string
---@param options? hapsim.RequestOptions
---@return hapsim.HttpAnswer
function Client:head(url, options) end

---Sends a POST request.
---@param url string
---@param options? hapsim.RequestOptions
---@return hapsim.HttpAnswer
function Client:post(url, options) end

---Sends a PUT request.
---@param url string
---@param options? hapsim.RequestOptions
---@return hapsim.HttpAnswer
function Client:put(url, options) end

---Sends a PATCH request.
---@param url string
---@param options? hapsim.RequestOptions
---@return hapsim.HttpAnswer
function Client:patch(url, options) end

---Sends a DELETE request.
---@param url string
---@param options? hapsim.RequestOptions
---@return hapsim.HttpAnswer
function Client:delete(url, options) end

---Sends an OPTIONS request.
---@param url string
---@param options? hapsim.RequestOptions
---@return hapsim.HttpAnswer
function Client:options(url, options) end

---Sends a request.
---@param method string
---@param url string
---@param options? hapsim.RequestOptions
---@return hapsim.HttpAnswer
function Client:request(method, url, options) end

---Starts a request without waiting for the answer.
---@param method string
---@param url string
---@param options? hapsim.RequestOptions
---@return hapsim.HttpExchange
function Client:send(method, url, options) end

---Advances time until no request is outstanding.
---@param limit? hapsim.Duration
---@return boolean # false on timeout
function Client:wait(limit) end

---Closes idle connections.
function Client:close() end

---Opens a connection for bytes.
---@param to string an address: `"127.0.0.1:80"`, `"/run/haproxy.sock"`
---@return hapsim.Connection
function Client:connect(to) end

---Header fields as sent. A field is also found by index, in any case: `headers["set-cookie"]`.
---@class hapsim.HttpHeaders
---@field length integer
---@field [string] string?
local HttpHeaders = {}

---The first value of a field.
---@param name string in any case
---@return string?
function HttpHeaders:get(name) end

---All values of a field.
---@param name string in any case
---@return string[]
function HttpHeaders:all(name) end

---@param name string in any case
---@return boolean
function HttpHeaders:has(name) end

---Names and values in order.
---@return { [1]: string, [2]: string }[]
function HttpHeaders:entries() end

---@class hapsim.InterimAnswer
---@field status integer
---@field reason string
---@field version string
---@field headers hapsim.HttpHeaders
---@field at integer microseconds since the start

---A complete answer.
---@class hapsim.HttpAnswer
---@field status integer
---@field reason string
---@field version string `1.0` or `1.1`
---@field headers hapsim.HttpHeaders
---@field trailers hapsim.HttpHeaders
---@field interim hapsim.InterimAnswer[] responses (1xx) before it
---@field body string
---@field bytes string the same as `body`
---@field at integer microseconds since the start
---@field took integer microseconds since the start of the request
local HttpAnswer = {}

---The body.
---@return string
function HttpAnswer:text() end

---A request and its answer, which may be outstanding.
---@class hapsim.HttpExchange
---@field method string
---@field url string
---@field answer hapsim.HttpAnswer?
---@field error string? why the request failed
---@field error_code string? `ECONNREFUSED` …, `closed`, `aborted`, `invalid`, `timeout`
---@field ended boolean whether the request was answered or has failed
---@field phase '"queued"'|'"connecting"'|'"sending"'|'"waiting"'|'"receiving"'|'"done"'|'"failed"'
---@field interim hapsim.InterimAnswer[]
---@field connection hapsim.Connection
---@field started_at integer microseconds since the start
local HttpExchange = {}

---Advances time until the answer is complete. Raises an error if no answer arrives.
---@param limit? hapsim.Duration
---@return hapsim.HttpAnswer
function HttpExchange:wait(limit) end

---Closes the connection.
function HttpExchange:abort() end

---Resets the connection.
function HttpExchange:reset() end

---Calls a function when the request is answered or fails.
---@param listener fun(exchange: hapsim.HttpExchange)
function HttpExchange:on_end(listener) end

---A connection of a client or of a TCP server.
---@class hapsim.Connection
---@field received string
---@field from string? the address of the client, on a server
---@field local string? the local address, on a client
---@field at integer? microseconds since the start
---@field open boolean?
---@field state string?
---@field error string?
---@field ended boolean? whether the peer has finished sending
---@field is_encrypted boolean? whether TLS is used
local Connection = {}

---Sends data.
---@param text string
function Connection:send(text) end

---Returns the data received since the last call; if none was, advances time until some is. Returns an empty string at the end.
---@param limit? hapsim.Duration
---@return string
function Connection:receive(limit) end

---Returns everything until the end.
---@param limit? hapsim.Duration
---@return string
function Connection:receive_all(limit) end

---Advances time until a text is received, or until a function of the received text returns a value, which is returned. Otherwise raises an
---error that shows what was received.
---@param wanted string|fun(received: string): any
---@param limit? hapsim.Duration
---@return any
function Connection:expect(wanted, limit) end

---Stops reading.
function Connection:pause() end

---Reads again.
function Connection:resume() end

---Starts TLS as a client.
function Connection:secure() end

---Ends sending, but still receives.
function Connection:finish() end

function Connection:close() end

function Connection:reset() end

---@class hapsim.LogRecord
---@field at integer microseconds since the start
---@field level string
---@field message string
---@field proxy string

---@class hapsim.MessageRecord
---@field at integer microseconds since the start
---@field severity '"alert"'|'"warning"'|'"notice"'|'"diag"'
---@field text string

---@class hapsim.EventRecord
---@field at integer microseconds since the start
---@field name string
---@field proxy string
---@field server string
---@field data table

---A server of a backend.
---@class hapsim.ServerView
---@field status string as in `show stat`: `UP`, `UP 1/2`, `DOWN`, `MAINT`, `no check` …
---@field weight integer
---@field address string
local ServerView = {}

---A task of the process.
---@class hapsim.TaskView
---@field name string `Lua task mailers.lua:12`, `check app/web1` …
---@field thread integer
---@field runnable boolean
---@field wakes_at number? time of the next timer, in milliseconds since the start
---@field waiting boolean whether it is a script's task without a timeout

---@class hapsim.StuckTask
---@field name string
---@field place string? where it is waiting: `mailers.lua:15`
---@field reason string

---@alias hapsim.CallValue string|integer|boolean
---@alias hapsim.RuleSet '"tcp-req"'|'"tcp-res"'|'"http-req"'|'"http-res"'|'"http-after-res"'

---A request for which a function is called. Host and Content-Length are added unless they are among the headers.
---@class hapsim.CallRequest
---@field method? string default: `GET`
---@field path? string with the query (default: `/`)
---@field headers? hapsim.HeadersToSend
---@field body? string
---@field version? '"1.0"'|'"1.1"'

---A response of the server for which a function is called.
---@class hapsim.CallResponse
---@field status? integer default: 200
---@field reason? string
---@field headers? hapsim.HeadersToSend
---@field body? string
---@field version? '"1.0"'|'"1.1"'

---What a service is called for.
---@class hapsim.ServiceOptions
---@field request? hapsim.CallRequest default: `GET /`
---@field data? string TCP: what the client sends
---@field variables? table<string, hapsim.CallValue> variables set before, by name: `txn.user`
---@field from? string the address of the client (default: 127.0.0.1:40000)
---@field to? string the address that the client has connected to (default: 127.0.0.1:80)
---@field limit? hapsim.Duration how long it may take (default: 1m)

---What an action, a fetch or a converter is called for.
---@class hapsim.CallOptions: hapsim.ServiceOptions
---@field response? hapsim.CallResponse|string the response of the server; TCP: what it sends
---@field arguments? (string|integer)[] the arguments in the configuration
---@field rule_set? hapsim.RuleSet the rules in which it is called
---@field inspect_delay? hapsim.Duration TCP: how long an action may wait (default: not at all)

---A request as an action has left it.
---@class hapsim.CalledRequest
---@field method string
---@field target string path and query
---@field path string
---@field query string?
---@field headers hapsim.HttpHeaders

---A response as an action has left it.
---@class hapsim.CalledResponse
---@field status integer
---@field reason string
---@field headers hapsim.HttpHeaders

---What an action has done.
---@class hapsim.ActionResult
---@field act '"continue"'|'"stop"'|'"done"'|'"deny"'|'"abort"'|'"error"'|'"invalid"' what it has returned
---@field request hapsim.CalledRequest? nil for TCP
---@field response hapsim.CalledResponse? nil in rules on requests
---@field reply hapsim.HttpAnswer? what the client gets in place of a response of the server
---@field variables table<string, hapsim.CallValue> variables afterwards, by name: `txn.user`
---@field forwarded string? TCP: what has reached the server
---@field received string? TCP: what the client has received
---@field logs hapsim.LogRecord[] log lines sent to the targets of the section `global`
---@field messages hapsim.MessageRecord[] messages on stderr
---@field took integer microseconds

---@class hapsim.Haproxy
---@field name string
---@field logs hapsim.LogRecord[]
---@field messages hapsim.MessageRecord[] messages on stderr
---@field events hapsim.EventRecord[]
---@field output string[] output of scripts
---@field uptime number milliseconds since the start of the process
---@field tasks hapsim.TaskView[]
---@field stuck_tasks hapsim.StuckTask[] tasks, handlers and commands of scripts that nothing can wake
---@field subscriptions table[]
local Haproxy = {}

---Starts the process. Raises HAProxy's messages if it does not start.
---@return hapsim.Haproxy
function Haproxy:start() end

function Haproxy:stop() end

---Runs a runtime API command.
---@param command string
---@return string # the output
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

---Calls a registered fetch. Raises HAProxy's message if it fails.
---@param name string `lua.is_admin`
---@param options? hapsim.CallOptions
---@return hapsim.CallValue? # nil if it has returned nothing
function Haproxy:fetch(name, options) end

---Calls a registered converter. Raises HAProxy's message if it fails.
---@param name string
---@param input hapsim.CallValue
---@param options? hapsim.CallOptions
---@return hapsim.CallValue?
function Haproxy:converter(name, input, options) end

---Calls a registered action and returns what it has done. Raises HAProxy's message if it fails.
---@param name string
---@param options? hapsim.CallOptions
---@return hapsim.ActionResult
function Haproxy:action(name, options) end

---Calls a registered service. Raises HAProxy's message if it fails.
---@param name string
---@param options? hapsim.ServiceOptions
---@return hapsim.HttpAnswer # of a service for TCP: what it has sent, a string
function Haproxy:service(name, options) end

---Publishes a synthetic event to its subscribers.
---@param event ServerEventType
---@param server string `backend/server`
---@param data? table
function Haproxy:publish(event, server, data) end

return hapsim
