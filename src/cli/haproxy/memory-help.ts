/** `-dMhelp`: HAProxy lists its pool debugging features; there are none here. */
export const MEMORY_HELP = `-dM is accepted and has no effect: memory is managed by the JavaScript engine, there are no pools.
`
