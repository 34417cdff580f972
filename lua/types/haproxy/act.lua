---@meta

---What an action can return.
---
---Contexts: action
---@class act
act = {}

---The next rule is looked at: what counts unless something else is returned.
---@type integer
act.CONTINUE = 0
---No more rules of this set are looked at.
---@type integer
act.STOP = 1
---The action is called once more, from its beginning, when something has come in or the time of `wake_time` is over.
---@type integer
act.YIELD = 2
---An internal error: the client gets a 500 in HTTP.
---@type integer
act.ERROR = 3
---The message is done with: no more rules at all.
---@type integer
act.DONE = 4
---The message is refused: the client gets a 403 for its request, or a 502 instead of the response.
---@type integer
act.DENY = 5
---The transaction ends, and the client was answered already.
---@type integer
act.ABORT = 6
---The message is wrong: the client gets a 400.
---@type integer
act.INVALID = 7

---After how long an action that returns `act.YIELD` is called again at the latest.
---@param milliseconds integer
function act:wake_time(milliseconds) end
