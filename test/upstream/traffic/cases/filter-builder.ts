/** Cases whose streams have filters of scripts, or actions that work on channels. */
import { connect, end, send, shut, until, wait, type Step, type TrafficCase } from '../harness/case.js'
import { answering, httpCase, ok, post, type HttpOptions } from './http-builder.js'
import { tcpCase, type ProxyOptions } from './proxy-builder.js'

/**
 * Functions of the scripts: `show` logs values, `try` the results of a call or its error, in which all that is not printable is escaped.
 */
const PRELUDE = String.raw`
local function quoted(value)
  if type(value) ~= "string" then return tostring(value) end
  local long = #value > 200 and ("(%d bytes)"):format(#value) or ""
  return long .. '"' .. value:sub(1, 200):gsub('[^ !#-~]', function(c) return ("\\x%02x"):format(c:byte()) end) .. '"'
end
local function show(txn, ...)
  local texts = table.pack(...)
  for i = 1, texts.n do texts[i] = quoted(texts[i]) end
  txn:Info(table.concat(texts, " "))
end
local function try(txn, name, call)
  local results = table.pack(pcall(call))
  for i = 2, results.n do results[i] = quoted(results[i]) end
  txn:Info(name .. (results[1] and " -> " or " fails: ") .. table.concat(results, " ", 2, results.n))
end
`

/** Lines of Lua that log what each expression returns. */
export const tries = (expressions: string): string =>
  expressions
    .trim()
    .split('\n')
    .map((line) => {
      const text = line.trim()
      return `try(txn, [==[${text}]==], function() return ${text} end)`
    })
    .join('\n')

/** A script with a class of filters. @param body of the class `Filter` */
const filterScript = (body: string, flags = 'filter.FLT_CFG_FL_HTX'): string => `${PRELUDE}
local Filter = { id = "test", flags = ${flags} }
Filter.__index = Filter
function Filter.new(class) return setmetatable({ args = class.args }, Filter) end
local function data(self, txn, chn) filter.register_data_filter(self, chn) return filter.CONTINUE end
${body}
core.register_filter("$flt", Filter, function(class, args) class.args = args return class end)
`

/** A line of a proxy that has the filter of the script. */
export const FILTER = 'filter lua.$flt'

/** Sends a request with a body and closes. */
export const posts: readonly Step[] = [
  send(post('/path?a=b', '0123456789', 'Connection: close', 'X-A: 1', 'X-A: 2')),
  end,
]

export interface FilterOptions extends Partial<HttpOptions> {
  readonly flags?: string
}

/** A case with a filter in the frontend; `frontend` replaces the line of the filter. */
export const httpFilter = (name: string, body: string, options: FilterOptions = {}): TrafficCase => ({
  ...httpCase(name, {
    frontend: FILTER,
    connections: [[...answersBody]],
    clients: [posts],
    ...options,
  }),
  lua: filterScript(body, options.flags),
})

/** Reads the body of {@link posts} before it answers. */
const answersBody: readonly Step[] = [...answering(ok('hello', 'X-B: 3'))]

/** Asks a while after it has connected, so that the stream runs without data first. */
export const asks: readonly Step[] = [connect('listen'), wait(50), send('question\n'), until('answer\n'), shut, end]

export const tcpFilter = (
  name: string,
  body: string,
  { flags, ...options }: Partial<ProxyOptions> & { readonly flags?: string } = {},
): TrafficCase => ({
  ...tcpCase(name, {
    frontend: FILTER,
    connections: [[until('question\n'), send('answer\n'), end]],
    clients: [asks],
    ...options,
  }),
  lua: filterScript(body, flags),
})

/** A case with an action of `tcp-request content`. @param body of its function, whose argument is `txn` */
export const channelAction = (
  name: string,
  body: string,
  { rule = 'tcp-request content', ...options }: Partial<ProxyOptions> & { readonly rule?: string } = {},
): TrafficCase => ({
  ...tcpCase(name, {
    connections: [[until('\n'), send('answer\n'), end]],
    clients: [[send('abcd\nefgh\n'), until('answer\n'), shut, end]],
    ...options,
    [rule.startsWith('tcp-request') ? 'frontend' : 'backend']:
      `${rule.replace('content', 'inspect-delay')} 500\n  ${rule} lua.$act`,
  }),
  lua: `${PRELUDE}
core.register_action("$act", { "${rule.startsWith('tcp-request') ? 'tcp-req' : 'tcp-res'}" }, function(txn)
${body}
end)
`,
})
