/** Header fields about the client that servers get: `option forwardfor` and its like (src/http_ext.c). */
import type { Stream } from '../stream.js'

export const addForwardingFields = (_stream: Stream): void => {}
