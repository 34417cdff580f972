/** The examples of `hapsim init`. */

/** The examples, each a directory of templates/init with a script, its configuration and its test. */
export const EXAMPLES = {
  events: 'a handler of server events',
  action: 'an action, which requests pass',
  fetch: 'a sample fetch',
  converter: 'a converter',
  service: 'a service, which answers requests',
  filter: 'a filter of responses',
} as const

export type Example = keyof typeof EXAMPLES
