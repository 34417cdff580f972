-- The module cjson, in Lua.
return require("hapsim.cjson.module").new(false)
