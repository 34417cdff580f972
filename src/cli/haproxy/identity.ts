/** Going on as another user once everything is open (`set_identity` in src/haproxy.c). */

/** Returns what HAProxy says where it cannot. 0 and undefined leave it as it is. */
export const setIdentity = (
  uid: number | undefined,
  gid: number | undefined,
  warn: (text: string) => void,
): string | undefined => {
  if (gid && hasOtherGroups() && !succeeds(() => process.setgroups?.([])))
    warn(
      "[haproxy.main()] Failed to drop supplementary groups. Using 'gid'/'group' without 'uid'/'user' is generally useless.",
    )
  if (gid && !succeeds(() => process.setgid?.(gid))) return `[haproxy.main()] Cannot set gid ${gid}.`
  if (uid && !succeeds(() => process.setuid?.(uid))) return `[haproxy.main()] Cannot set uid ${uid}.`
  return undefined
}

/** Node lists the own group among them. */
const hasOtherGroups = (): boolean => process.getgroups?.().some((each) => each !== process.getegid?.()) === true

const succeeds = (act: () => void): boolean => {
  try {
    act()
    return true
  } catch {
    return false
  }
}
