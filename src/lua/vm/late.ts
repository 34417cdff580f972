/**
 * Modules of Fengari that must be loaded after others have been prepared for them. An `import` would be carried out before
 * anything else, wherever it stands, once modules are joined into one file.
 */
// eslint-disable-next-line no-restricted-imports -- how to load a module later; nothing of the host is reached by it
import { createRequire } from 'node:module'

/** Loads a module of the package now, unless it is loaded already. */
export const loadLate: (name: string) => unknown = createRequire(import.meta.url)
