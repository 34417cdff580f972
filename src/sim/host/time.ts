/** Real time, used only for the time limit of scripts during startup; it does not affect the simulation. */

/** Monotonic milliseconds. */
export const hostTime = (): number => performance.now()
