/**
 * hapsim: HAProxy's Lua scripts, unchanged, in a deterministic simulation of HAProxy.
 *
 * ```ts
 * const sim = new Simulation({ seed: 1 })
 * const smtp = sim.smtp('127.0.0.1:25')
 * const web = sim.http('10.0.0.1:80')
 * const haproxy = sim.haproxy({ config: { file: 'haproxy.cfg' } }).start()
 * web.refuse()
 * sim.advance('5s')
 * console.log(smtp.mails, haproxy.logs)
 * ```
 */
export {
  CallError,
  Client,
  Haproxy,
  HttpAnswer,
  HttpExchange,
  HttpHeaders,
  HttpRequest,
  HttpServer,
  RequestError,
  ServerView,
  Simulation,
  SmtpServer,
  StartError,
  TcpServer,
  DnsServer,
  type DnsService,
  type ActionResult,
  type BodyData,
  type BodyOptions,
  type CalledRequest,
  type CalledResponse,
  type CallOptions,
  type CallRequest,
  type CallResponse,
  type CallRuleSet,
  type CallValue,
  type CliRecord,
  type ClientConnection,
  type ClientOptions,
  type ClientRecord,
  type Duration,
  type ExchangePhase,
  type HaproxyOptions,
  type HeadersToSend,
  type HeaderValue,
  type HttpCondition,
  type HttpReply,
  type HttpResponder,
  type HttpResponse,
  type HttpServerOptions,
  type InterimAnswer,
  type InterimResponse,
  type Mail,
  type MailRecord,
  type RequestCondition,
  type RequestErrorCode,
  type RequestOptions,
  type ServiceOptions,
  type SimulationOptions,
  type SmtpOptions,
  type SmtpStep,
  type TcpConnection,
  type TcpResponder,
  type WaitOptions,
} from './sim/index.js'
export {
  explore,
  ExploreError,
  TokenError,
  type ExploreCall,
  type ExploreReport,
  type FailureKind,
} from './explore/index.js'
export { decodeText, encodeText } from './bytes/text.js'
export { fifo, STALL, type ReadySet, type Strategy, type Task, type TraceRecord } from './engine/index.js'
export type { EventRecord, LogRecord, MessageRecord, ServerEventName } from './haproxy/index.js'
export { vtc, type VtcOptions, type VtcResult } from './vtc/index.js'
