-- The module cjson.safe, in Lua: encode and decode return nil and a message instead of raising errors.
return require("hapsim.cjson.module").new(true)
