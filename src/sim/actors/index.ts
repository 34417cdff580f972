/** What stands in the world around the process: servers that it talks to, and clients that talk to it. */
export { Client, type ClientConnection, type ClientOptions } from './client.js'
export { DnsServer, type DnsAnswer, type DnsQuestion, type DnsService } from './dns.js'
export { HttpServer, type HttpReply, type HttpRequest, type HttpResponder, type HttpResponse } from './http.js'
export type { Mail } from './mail.js'
export { type ServerMode, type ServerOptions } from './server.js'
export {
  SmtpServer,
  SMTP_EXTENSION_STEPS,
  SMTP_STEPS,
  type MailRecord,
  type SmtpOptions,
  type SmtpStep,
} from './smtp.js'
export { TcpServer, type TcpConnection, type TcpGreeting, type TcpResponder } from './tcp.js'
export type { World } from './world.js'
