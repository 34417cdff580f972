---@meta

---The header fields and the first line of a request and its response. Names of fields are in lower case; their values count from 0:
---`headers["host"][0]`.
---
---Contexts: action, fetch, converter
---@class HTTP
local HTTP = {}

---The header fields of the request.
---@return table<string, table<integer, string>> # values count from 0
function HTTP:req_get_headers() end

---The header fields of the response.
---@return table<string, table<integer, string>> # values count from 0
function HTTP:res_get_headers() end

---Adds a field to the request, beside those of the same name.
---@param name string
---@param value string
function HTTP:req_add_header(name, value) end

---Adds a field to the response, beside those of the same name.
---@param name string
---@param value string
function HTTP:res_add_header(name, value) end

---Takes every field of that name out of the request.
---@param name string
function HTTP:req_del_header(name) end

---Takes every field of that name out of the response.
---@param name string
function HTTP:res_del_header(name) end

---Puts one field in the place of every one of that name in the request.
---@param name string
---@param value string
function HTTP:req_set_header(name, value) end

---Puts one field in the place of every one of that name in the response.
---@param name string
---@param value string
function HTTP:res_set_header(name, value) end

---Replaces what an expression finds in the fields of that name of the request.
---@param name string
---@param regex string
---@param replace string `\1` stands for the first group
function HTTP:req_rep_header(name, regex, replace) end

---Replaces what an expression finds in the fields of that name of the response.
---@param name string
---@param regex string
---@param replace string `\1` stands for the first group
function HTTP:res_rep_header(name, regex, replace) end

---@param method string
function HTTP:req_set_method(method) end

---@param path string
function HTTP:req_set_path(path) end

---@param query string without its question mark
function HTTP:req_set_query(query) end

---@param uri string with its path and query
function HTTP:req_set_uri(uri) end

---@param status integer
---@param reason? string the usual one unless given
function HTTP:res_set_status(status, reason) end
