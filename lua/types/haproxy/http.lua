---@meta

---The header fields and the first line of a request and its response. Names of fields are in lower case; their values are indexed from 0:
---`headers["host"][0]`.
---
---Contexts: action, fetch, converter
---@class HTTP
local HTTP = {}

---The header fields of the request.
---@return table<string, table<integer, string>> # values are indexed from 0
function HTTP:req_get_headers() end

---The header fields of the response.
---@return table<string, table<integer, string>> # values are indexed from 0
function HTTP:res_get_headers() end

---Adds a header field to the request; existing ones are kept.
---@param name string
---@param value string
function HTTP:req_add_header(name, value) end

---Adds a header field to the response; existing ones are kept.
---@param name string
---@param value string
function HTTP:res_add_header(name, value) end

---Removes all request header fields with that name.
---@param name string
function HTTP:req_del_header(name) end

---Removes all response header fields with that name.
---@param name string
function HTTP:res_del_header(name) end

---Replaces all request header fields with that name by one.
---@param name string
---@param value string
function HTTP:req_set_header(name, value) end

---Replaces all response header fields with that name by one.
---@param name string
---@param value string
function HTTP:res_set_header(name, value) end

---Replaces matches of a regular expression in request header fields with that name.
---@param name string
---@param regex string
---@param replace string `\1` is the first group
function HTTP:req_rep_header(name, regex, replace) end

---Replaces matches of a regular expression in response header fields with that name.
---@param name string
---@param regex string
---@param replace string `\1` is the first group
function HTTP:res_rep_header(name, regex, replace) end

---@param method string
function HTTP:req_set_method(method) end

---@param path string
function HTTP:req_set_path(path) end

---@param query string without the question mark
function HTTP:req_set_query(query) end

---@param uri string with its path and query
function HTTP:req_set_uri(uri) end

---@param status integer
---@param reason? string default: the standard one
function HTTP:res_set_status(status, reason) end
