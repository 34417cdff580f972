---@meta

---Return values and functions for filter callbacks.
---
---Contexts: filter
---@class filter
filter = {}

---Wait for data or another event.
---@type integer
filter.WAIT = 0
---Continue.
---@type integer
filter.CONTINUE = 1
---An error occurred.
---@type integer
filter.ERROR = -1
---For `FilterClass.flags`: the filter supports HTTP.
---@type integer
filter.FLT_CFG_FL_HTX = 1

---Starts filtering the data of a channel.
---@param flt FilterClass
---@param chn Channel
function filter.register_data_filter(flt, chn) end

---Stops filtering the data of a channel.
---@param flt FilterClass
---@param chn Channel
function filter.unregister_data_filter(flt, chn) end

---Sets the maximum delay until the filter is called again.
---@param milliseconds integer
function filter.wake_time(milliseconds) end

---The class passed to `core.register_filter`. All methods except `new` are optional.
---@class FilterClass
---@field id? string
---@field flags? integer
---@field new fun(self: FilterClass): FilterClass? creates the instance of a stream
---@field start_analyze? fun(self: FilterClass, txn: TXN, chn: Channel): integer?
---@field end_analyze? fun(self: FilterClass, txn: TXN, chn: Channel): integer?
---@field http_headers? fun(self: FilterClass, txn: TXN, http_msg: HTTPMessage): integer?
---@field http_payload? fun(self: FilterClass, txn: TXN, http_msg: HTTPMessage): integer?
---@field http_end? fun(self: FilterClass, txn: TXN, http_msg: HTTPMessage): integer?
---@field tcp_payload? fun(self: FilterClass, txn: TXN, chn: Channel): integer?
