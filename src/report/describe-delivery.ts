/** How a mail came. */
import type { MailRecord } from '../sim/index.js'

/** `taken by mail1 over TLS, from alerts (AUTH PLAIN)` */
export const describeDelivery = ({ server, user, mechanism, tls }: MailRecord): string =>
  `taken by ${server}${tls ? ' over TLS' : ''}${user === undefined ? '' : `, from ${user} (AUTH ${mechanism})`}`
