/** Error pages of proxies: `errorfile`, `errorloc`, `errorfiles`, `http-error` (`http_error_message`, src/http_ana.c). */
import type { Configuration } from '../../../config/index.js'
import type { HttpReply } from '../../../config/model/replies.js'
import type { ErrorPageSetting } from '../../../config/proxy/error-page-setting.js'
import { Fields, type StoredResponse } from '../../../http/index.js'
import type { Proxy } from '../../proxy/proxy.js'

/** A page; `none`: an empty file, with which nothing is sent; `built-in`: HAProxy's default page, regardless of other settings. */
export type ErrorPage = StoredResponse | HttpReply | 'none' | 'built-in'

/** The page of a proxy for a status: the last line about it counts. */
export const errorPageOf = (
  configuration: Pick<Configuration, 'httpErrors'>,
  { config }: Proxy,
  status: number,
): ErrorPage | undefined => {
  const settings: readonly ErrorPageSetting[] = config.errorPages
  for (let at = settings.length - 1; at >= 0; at--) {
    const page = pageOfSetting(configuration, settings[at]!, status)
    if (page !== undefined) return page
  }
  return undefined
}

const pageOfSetting = (
  configuration: Pick<Configuration, 'httpErrors'>,
  setting: ErrorPageSetting,
  status: number,
): ErrorPage | undefined => {
  switch (setting.kind) {
    case 'page':
      return setting.page.status === status ? (setting.page.response ?? 'none') : undefined
    case 'redirect':
      return setting.status === status ? redirectPage(setting.code, setting.url) : undefined
    case 'reply':
      return setting.reply.status === status ? pageOfReply(configuration, setting.reply) : undefined
    case 'section':
      if (setting.statuses && !setting.statuses.includes(status)) return undefined
      return pageOfSection(configuration, setting.name, status)
  }
}

const pageOfReply = (configuration: Pick<Configuration, 'httpErrors'>, reply: HttpReply): ErrorPage => {
  const { body, status } = reply
  if (body.from === 'default-errorfiles') return 'built-in'
  if (body.from === 'errorfiles') return pageOfSection(configuration, body.section, status) ?? 'built-in'
  return reply
}

/** The page of a section `http-errors`. */
export const pageOfSection = (
  { httpErrors }: Pick<Configuration, 'httpErrors'>,
  section: string,
  status: number,
): StoredResponse | 'none' | undefined => {
  const page = httpErrors.find(({ name }) => name === section)?.pages.get(status)
  return page && (page.response ?? 'none')
}

/** The page of `errorloc`. */
const redirectPage = (code: 302 | 303, url: string): StoredResponse => ({
  version: 'HTTP/1.1',
  status: code,
  statusText: String(code),
  reason: code === 302 ? 'Found' : 'See Other',
  fields: new Fields([
    ['cache-control', 'no-cache'],
    ['content-length', '0'],
    ['location', url],
  ]),
  body: '',
  freeSpace: 0,
})
