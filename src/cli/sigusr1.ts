/** Default action of SIGUSR1 while starting. Imported first, before slow imports. */

/** Exits as if killed by SIGUSR1. Without a handler, Node would start its inspector. */
export const exitBySigusr1 = (): void => process.exit(138)
