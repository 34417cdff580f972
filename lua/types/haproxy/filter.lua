---@meta

---What callbacks of filters can return, and what they can ask for.
---
---Contexts: filter
---@class filter
filter = {}

---This step waits: for data, or for something else.
---@type integer
filter.WAIT = 0
---This step is done.
---@type integer
filter.CONTINUE = 1
---This step has failed.
---@type integer
filter.ERROR = -1
---For `FilterClass.flags`: it can filter HTTP.
---@type integer
filter.FLT_CFG_FL_HTX = 1

---From now on this filter is given the data of a channel.
---@param flt FilterClass
---@param chn Channel
function filter.register_data_filter(flt, chn) end

---From now on this filter is not given the data of a channel.
---@param flt FilterClass
---@param chn Channel
function filter.unregister_data_filter(flt, chn) end

---After how long the filter is called again at the latest.
---@param milliseconds integer
function filter.wake_time(milliseconds) end

---What a script writes and gives to `core.register_filter`. All but `new` can be left out.
---@class FilterClass
---@field id? string
---@field flags? integer
---@field new fun(self: FilterClass): FilterClass? makes the instance of a stream
---@field start_analyze? fun(self: FilterClass, txn: TXN, chn: Channel): integer?
---@field end_analyze? fun(self: FilterClass, txn: TXN, chn: Channel): integer?
---@field http_headers? fun(self: FilterClass, txn: TXN, http_msg: HTTPMessage): integer?
---@field http_payload? fun(self: FilterClass, txn: TXN, http_msg: HTTPMessage): integer?
---@field http_end? fun(self: FilterClass, txn: TXN, http_msg: HTTPMessage): integer?
---@field tcp_payload? fun(self: FilterClass, txn: TXN, chn: Channel): integer?
