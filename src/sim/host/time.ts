/** The host's time: only the limit on what scripts run while HAProxy starts looks at it, and nothing that happens depends on it. */

/** Milliseconds from some moment on. */
export const hostTime = (): number => performance.now()
