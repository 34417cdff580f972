---@meta

---A client for one request: it cannot be used twice. Made by `core.httpclient()`.
---
---Contexts: task, event, action, service
---@class HTTPClient
local HTTPClient = {}

---@class HTTPClient.Request
---@field url string
---@field body? string
---@field headers? table<string, string[]>
---@field dst? string where to connect to instead of the URL's host: an address as HAProxy's configuration has it
---@field timeout? integer milliseconds for the answer

---@class HTTPClient.Response
---@field status integer
---@field reason string
---@field headers table<string, table<integer, string>> by names in lower case; values count from 0
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
