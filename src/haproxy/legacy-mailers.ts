/**
 * The built-in mailer, which sends the mails of `email-alert` when no script does (src/mailers.c). It is not emulated yet,
 * and says so.
 */
import type { HaproxyProcess } from './process.js'

/** Warns of every backend whose mails the built-in mailer would have sent. */
export const warnOfLegacyMailers = (process: HaproxyProcess): void => {
  if (process.legacyMailersDisabled) return
  for (const proxy of process.proxies) {
    if (!proxy.backend || proxy.config.emailAlert === undefined) continue
    process.logger.say(
      'warning',
      `Legacy mailers used by ${proxy.kindText} '${proxy.name}' will not be supported anymore in version 3.3. You should use Lua to send email-alerts, see 'examples/lua/mailers.lua' file.`,
    )
    process.logger.say(
      'warning',
      `hapsim does not emulate the legacy mailers yet: ${proxy.kindText} '${proxy.name}' sends no mails. Load a script that does, such as lua/mailers.lua.`,
    )
  }
}
