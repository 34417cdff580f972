/** The answer to what HAProxy could do and hapsim cannot yet. */
export const notEmulated = (what: string): string => `'${what}' is not emulated by hapsim.\n`
