/** Output of `-dMhelp`. HAProxy lists the debugging features of its memory pools. */
export const MEMORY_HELP = `-dM is accepted and has no effect: memory is managed by the JavaScript engine, there are no pools.
`
