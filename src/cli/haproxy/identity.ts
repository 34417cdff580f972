/** Switches the user and group once everything is open (`set_identity` in src/haproxy.c). */

/** Returns HAProxy's message on failure. Ids of 0 and undefined are not changed. */
export const setIdentity = (
  uid: number | undefined,
  gid: number | undefined,
  warn: (text: string) => void,
): string | undefined => {
  if (gid && hasSupplementaryGroups() && !succeeds(() => process.setgroups?.([])))
    warn(
      "[haproxy.main()] Failed to drop supplementary groups. Using 'gid'/'group' without 'uid'/'user' is generally useless.",
    )
  if (gid && !succeeds(() => process.setgid?.(gid))) return `[haproxy.main()] Cannot set gid ${gid}.`
  if (uid && !succeeds(() => process.setuid?.(uid))) return `[haproxy.main()] Cannot set uid ${uid}.`
  return undefined
}

/** Node's list includes the primary group. */
const hasSupplementaryGroups = (): boolean =>
  process.getgroups?.().some((each) => each !== process.getegid?.()) === true

const succeeds = (act: () => void): boolean => {
  try {
    act()
    return true
  } catch {
    return false
  }
}
