/** What expressions are evaluated for in a session that has no stream. */
import { SessionSubject } from '../logs/subject.js'
import type { SampleContext } from '../samples/context.js'
import { Variables } from '../samples/variables.js'
import type { StreamContext } from './context.js'
import type { Session } from './session.js'

export const sessionSamples = ({ process, limits }: StreamContext, session: Session): SampleContext => ({
  process,
  log: new SessionSubject(process, { frontend: session.frontend.name }),
  session,
  proxy: session.frontend,
  direction: 'request',
  bufsize: limits.buffer,
  isFinal: true,
  variables: new Variables(process.variables, { sess: session.variables }),
})
