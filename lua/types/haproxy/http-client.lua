---@meta

---A client for one request; it cannot be reused. Created by `core.httpclient()`.
---
---Contexts: task, event, action, service
---@class HTTPClient
local HTTPClient = {}

---@class HTTPClient.Request
---@field url string
---@field body? string
---@field headers? table<string, string[]>
---@field dst? string destination address in HAProxy's format, instead of the host of the URL
---@field timeout? integer response timeout in milliseconds

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
