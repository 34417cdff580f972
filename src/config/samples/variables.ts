/** Names of variables with their scopes (`vars_fill_desc`, src/vars.c). */

const SCOPES = /^(?:proc|p?sess|p?txn|p?req|p?res|check)\./

/** What is wrong with the name, in HAProxy's words; undefined for a name that can be used. */
export const variableProblem = (name: string): string | undefined => {
  if (name === '') return 'Empty variable name cannot be accepted'
  const scope = SCOPES.exec(name)?.[0]
  const rest = name.slice(scope?.length ?? 0)
  if (scope === undefined || rest === '')
    return (
      `invalid variable name '${name}'. A variable name must start with its scope. ` +
      "The scope can be 'proc', '(p)sess', '(p)txn', '(p)req', '(p)res' or 'check'"
    )
  const odd = rest.search(/[^A-Za-z0-9_.]/)
  return odd < 0 ? undefined : `invalid syntax at char '${rest[odd]}'`
}
