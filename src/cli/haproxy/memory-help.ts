/** `-dMhelp`: HAProxy lists the ways to debug its memory pools. There are none here. */
export const MEMORY_HELP = `-dM is accepted and changes nothing: memory is the JavaScript engine's, there are no pools to debug.
`
