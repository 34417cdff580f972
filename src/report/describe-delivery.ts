/** Describes the delivery of a mail. */
import type { MailRecord } from '../sim/index.js'

/** `received by mail1 over TLS, from alerts (AUTH PLAIN)` */
export const describeDelivery = ({ server, user, mechanism, tls }: MailRecord): string =>
  `received by ${server}${tls ? ' over TLS' : ''}${user === undefined ? '' : `, from ${user} (AUTH ${mechanism})`}`
