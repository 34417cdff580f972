---@meta

---A client for one request; it cannot be reused. Created by `core.httpclient()`.
---
---Its methods wait for the response. Failures are responses, too: 503 without a connection, 502 for an invalid one, 504 after `timeout`.
---
---Contexts: task, event, action, service, cli
---@class HTTPClient
local HTTPClient = {}

---@class HTTPClient.Request
---@field url string
---@field body? string
---@field headers? table<string, string[]> values of each name; other values are ignored
---@field dst? string destination address in HAProxy's format, instead of the host of the URL; names are not resolved
---@field timeout? integer how long the server may take between two pieces of its response, in milliseconds (default: forever)

---@class HTTPClient.Response
---@field status integer
---@field reason string
---@field headers table<string, table<integer, string>> by lower-case names; values are indexed from 0
---@field body string

---@param request HTTPClient.Request
---@return HTTPClient.Response
function HTTPClient:get(request) end

---@param request HTTPClient.Request
---@return HTTPClient.Response
function HTTPClient:head(request) end

---@param request HTTPClient.Request
---@return HTTPClient.Response
function HTTPClient:put(request) end

---@param request HTTPClient.Request
---@return HTTPClient.Response
function HTTPClient:post(request) end

---@param request HTTPClient.Request
---@return HTTPClient.Response
function HTTPClient:delete(request) end
