/** The HAProxy that is emulated. */
import { EMULATED } from '../config/emulated.js'

export const HAPROXY_VERSION = EMULATED.version

/** When it came out. */
export const RELEASE_DATE = '2026/10/14'
