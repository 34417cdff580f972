/** The response to a command of HAProxy's that hapsim does not emulate. */
export const notEmulated = (what: string): string => `'${what}' is not emulated by hapsim.\n`
