/** Makes the model out of what was read and checks it as a whole (check_config_validity in src/cfgparse.c). */
import type { Diagnostic } from './diagnostics.js'
import type { ProxyDraft } from './drafts.js'
import type { Configuration, GlobalConfig, MailersConfig, ProxyConfig } from './model.js'
import type { Reading } from './reading.js'
import { checkValidity } from './validity.js'

/** `said` and `failed` are what reading came to; nothing is checked as a whole after a fatal error. */
export const buildConfiguration = (reading: Reading, said: Diagnostic[], failed: boolean): Configuration => {
  numberProxies(reading)
  const mailers = new Map<string, MailersConfig>()
  for (const section of reading.mailers) mailers.set(section.name, section)
  const checked = failed ? { diagnostics: [], failed: true } : checkValidity(reading, mailers)
  return {
    global: buildGlobal(reading),
    proxies: reading.proxies.map((draft) => buildProxy(draft, mailers)),
    mailers: reading.mailers,
    diagnostics: checked.diagnostics.length === 0 ? said : [...said, ...checked.diagnostics],
    failed: checked.failed,
    env: reading.env.all(),
  }
}

/** Proxies, and the servers of each, get the lowest free numbers in the order of the text. */
const numberProxies = ({ proxies, proxiesByUuid }: Reading): void => {
  let next = 1
  for (const proxy of proxies) {
    numberServers(proxy)
    if (proxy.uuid !== 0) continue
    while (proxiesByUuid.has(next)) next++
    proxy.uuid = next++
  }
}

const numberServers = ({ servers }: ProxyDraft): void => {
  const taken = servers.some((server) => server.puid !== 0) ? new Set(servers.map((server) => server.puid)) : undefined
  let next = 1
  for (const server of servers) {
    if (server.puid !== 0) continue
    while (taken?.has(next)) next++
    server.puid = next++
  }
}

const buildGlobal = ({ global }: Reading): GlobalConfig => {
  const { zeroWarning: _, unixPrefix: __, ...rest } = global
  return rest
}

const buildProxy = (draft: ProxyDraft, mailers: ReadonlyMap<string, MailersConfig>): ProxyConfig => {
  const { settings } = draft
  const { emailAlert } = settings
  const section = emailAlert?.mailers === undefined ? undefined : mailers.get(emailAlert.mailers)
  const complete = draft.kind !== 'frontend' && section && emailAlert?.from && emailAlert.to
  return {
    name: draft.name,
    kind: draft.kind as ProxyConfig['kind'],
    place: draft.place,
    uuid: draft.uuid,
    mode: settings.mode,
    disabled: settings.disabled,
    maxconn: settings.maxconn,
    timeouts: settings.timeouts,
    logs: settings.logs,
    logTag: settings.logTag,
    logHealthChecks: settings.options.get('log-health-checks') ?? false,
    allbackups: settings.options.get('allbackups') ?? false,
    description: draft.description,
    retries: settings.retries,
    healthCheck: settings.healthCheck,
    emailAlert: complete
      ? {
          mailers: section,
          from: emailAlert.from!,
          to: emailAlert.to!,
          myhostname: emailAlert.myhostname,
          level: emailAlert.level,
        }
      : undefined,
    balance: settings.balance || 'roundrobin',
    binds: draft.binds,
    servers: draft.servers,
    defaultBackend: settings.defaultBackend,
  }
}
