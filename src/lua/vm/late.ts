/** Loads modules of Fengari that other modules must prepare first. In a bundle, an `import` would be executed before everything else. */
// eslint-disable-next-line no-restricted-imports -- a module loader; it does not reach the host
import { createRequire } from 'node:module'

/** Loads a module unless it is already loaded. */
export const loadLate: (name: string) => unknown = createRequire(import.meta.url)
