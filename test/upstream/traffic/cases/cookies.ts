/** Cookies: captures, persistence, `checkcache`. */
import { end, head, send, type Step, type TrafficCase } from '../harness/case.js'
import { get, httpCase, ok, post } from './http-builder.js'

const CLOSE = 'Connection: close'
const asks = (...cookies: readonly string[]): readonly Step[] => [
  send(get('/', ...cookies.map((each) => `Cookie: ${each}`), CLOSE)),
  end,
]

const LINES = [
  'SRV=A',
  'SRV=B',
  'SRV=C',
  'SRV=',
  'SRV',
  'x=1; SRV=A; y=2',
  'SRV=A; y=2',
  'x=1;SRV=A',
  'SRV = A ; x = 1',
  'x=1;   SRV=A  ;y=2',
  '$Version=1; SRV=A; $Path=/; y=2',
  'SRV=A; SRV=C',
  'SRV=A~value; y=2',
  'SRV=C~a~b',
  'SRV=A|YYYYY|YYYYY',
  'SRV=A|AAAAA',
  'SRV=A|nonsense',
  'x="SRV=A;"; y=2, SRV=A',
  'SRVX=A',
]

const MODES = ['insert', 'insert indirect', 'prefix', 'rewrite', 'rewrite nocache']

/** A backend whose server is A, beside a server B that is down. */
const persistent = (options: string, ...fields: readonly string[]) => ({
  backend: `cookie SRV ${options}\n  server s2 $s1 cookie B disabled`,
  server: 'cookie A',
  connections: [[head, send(ok('hello', ...fields))]],
})

const REQUESTS: readonly TrafficCase[] = MODES.flatMap((options) =>
  LINES.map((line) =>
    httpCase(`cookie SRV ${options}, Cookie: ${line}`, { ...persistent(options), clients: [asks(line)] }),
  ),
)

const SET = ['SRV=own; path=/', 'SRV = own ; path=/', 'x=1; SRV=own', 'SRVX=own', 'SRV', 'SRV=']
const SETTING_MODES = ['insert', 'insert indirect preserve', 'prefix', 'rewrite', 'insert nocache']
const RESPONSES: readonly TrafficCase[] = SETTING_MODES.flatMap((options) =>
  SET.flatMap((set) =>
    [[], ['SRV=A']].map((cookies) =>
      httpCase(`cookie SRV ${options}, Cookie: ${cookies.join()}, Set-Cookie: ${set}`, {
        ...persistent(options, `Set-Cookie: ${set}`, 'ETag: x', 'Set-Cookie: other=1'),
        clients: [asks(...cookies)],
      }),
    ),
  ),
)

const OPTIONS: readonly TrafficCase[] = [
  'insert httponly secure domain a.example domain b.example attr SameSite=Lax attr "X=1"',
  'insert postonly',
  'insert indirect nocache',
].flatMap((options) =>
  [asks(), [send(post('/', 'body', CLOSE)), end]].map((client, i) =>
    httpCase(`cookie SRV ${options}, ${['GET', 'POST'][i]}`, {
      ...persistent(options, 'Cache-Control: public'),
      clients: [client],
    }),
  ),
)

const CACHED = [
  ['Set-Cookie: a=b', 'ETag: x'],
  ['Set-Cookie: a=b', 'Cache-Control: max-age=3'],
  ['Set-Cookie: a=b', 'Cache-Control: private'],
  ['Set-Cookie: a=b', 'Cache-Control: no-cache="set-cookie"'],
  ['Set-Cookie: a=b', 'Pragma: no-cache', 'ETag: x'],
  ['Set-Cookie: a=b', 'Cache-Control: max-age=0', 'ETag: x'],
  ['Set-Cookie: a=b', 'Cache-Control: max-age=0, s-maxage=5'],
  ['Set-Cookie: a=b'],
  ['ETag: x'],
]

export const COOKIES: readonly TrafficCase[] = [
  ...REQUESTS,
  ...RESPONSES,
  ...OPTIONS,
  ...CACHED.map((fields) =>
    httpCase(`checkcache, ${fields.join(', ')}`, {
      backend: 'option checkcache',
      connections: [[head, send(ok('hello', ...fields))]],
      clients: [asks()],
    }),
  ),
  httpCase('capture cookie', {
    frontend: 'capture cookie SES len 8\n  log-format "%CC %CS %tsc"',
    connections: [[head, send(ok('hello', 'Set-Cookie: x=1', 'Set-Cookie: SESSION = long; path=/'))]],
    clients: [asks('x=1; SESS=a; SESSION=b')],
  }),
  httpCase('capture cookie, none of that name', {
    frontend: 'capture cookie SES len 8\n  log-format "%CC %CS %tsc"',
    clients: [asks('SE=1')],
  }),
  httpCase('capture cookie of denied requests', {
    frontend: 'capture cookie a= len 8\n  log-format "%CC %tsc"\n  http-request deny',
    clients: [asks('a=1')],
  }),
  httpCase('persistence that is ignored or forced', {
    ...persistent('insert'),
    backend:
      'cookie SRV insert\n  ignore-persist if { hdr(x) ignore }\n  force-persist if { hdr(x) force }\n  server s2 $s1 cookie B disabled',
    clients: [
      [send(get('/', 'Cookie: SRV=A', 'X: ignore', CLOSE)), end],
      [send(get('/', 'Cookie: SRV=B', 'X: force', CLOSE)), end],
    ],
  }),
]
