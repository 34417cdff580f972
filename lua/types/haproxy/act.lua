---@meta

---Return values of actions.
---
---Contexts: action
---@class act
act = {}

---Continue with the next rule (default).
---@type integer
act.CONTINUE = 0
---Stop evaluating this rule set.
---@type integer
act.STOP = 1
---Call the action again from its beginning when data is received or `wake_time` has expired.
---@type integer
act.YIELD = 2
---An internal error: HTTP clients receive a 500 response.
---@type integer
act.ERROR = 3
---Stop evaluating all rules.
---@type integer
act.DONE = 4
---Deny the message: the client receives a 403 response for a request, a 502 for a response.
---@type integer
act.DENY = 5
---End the transaction; the client has already been answered.
---@type integer
act.ABORT = 6
---The message is invalid: the client receives a 400 response.
---@type integer
act.INVALID = 7

---Sets the maximum delay until an action that returns `act.YIELD` is called again.
---@param milliseconds integer
function act:wake_time(milliseconds) end
