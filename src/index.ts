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
  Haproxy,
  HttpServer,
  ServerView,
  Simulation,
  SmtpServer,
  StartError,
  TcpServer,
  DnsServer,
  type DnsService,
  type CliRecord,
  type Duration,
  type HaproxyOptions,
  type HttpReply,
  type HttpRequest,
  type HttpResponder,
  type HttpResponse,
  type Mail,
  type MailRecord,
  type SimulationOptions,
  type SmtpOptions,
  type SmtpStep,
  type TcpConnection,
  type TcpResponder,
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
