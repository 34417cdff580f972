/**
 * hapsim/vitest: importing it adds matchers to vitest's `expect`, and gives `simTest`.
 *
 * ```ts
 * import { expect } from 'vitest'
 * import { simTest } from 'hapsim/vitest'
 *
 * simTest('a server that goes down is mailed', (sim) => {
 *   const smtp = sim.smtp('127.0.0.1:25')
 *   const web = sim.http('10.0.0.1:80')
 *   const haproxy = sim.haproxy({ config: { file: 'haproxy.cfg' } }).start()
 *   web.refuse()
 *   sim.advance('5s')
 *   expect(haproxy.server('be1/srv1')).toBeStatus('DOWN')
 *   expect(smtp).toHaveSentOnce(/is DOWN/)
 * }, { explore: { schedules: 500 } })
 * ```
 */
import { expect } from 'vitest'
import { haproxyMatchers, type HaproxyMatchers } from './haproxy-matchers.js'
import { mailMatchers, type MailMatchers } from './mail-matchers.js'

expect.extend({ ...mailMatchers, ...haproxyMatchers })

declare module 'vitest' {
  // the parameter has to be there, as vitest declares it
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface Matchers<T> extends MailMatchers, HaproxyMatchers {}
}

export type { EventPattern, HaproxyMatchers } from './haproxy-matchers.js'
export type { MailMatchers, MailPattern } from './mail-matchers.js'
export type { TextPattern } from './pattern.js'
export { simTest, SimTestError, type SimTest, type SimTestBody, type SimTestOptions } from './sim-test.js'
