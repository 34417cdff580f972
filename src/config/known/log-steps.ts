/** Steps of a transaction at which log lines can be written (include/haproxy/log-t.h). */

export const STEPS: readonly string[] = ['accept', 'request', 'connect', 'response', 'close']

/** Steps of the action `do-log`, in the order in which HAProxy registers them (`log_orig_register`). */
export const FURTHER_STEPS: readonly string[] = [
  ...['quic-init', 'http-req', 'http-res', 'http-after-res'],
  ...['tcp-req-conn', 'tcp-req-sess', 'tcp-req-cont', 'tcp-res-cont'],
]
