/** `hapsim vtc --haproxy`: the language is varnishtest's, so that HAProxy's own tests pass with the real HAProxy. */
import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { SECOND } from '../../../src/engine/clock.js'
import { readVtcFile } from '../../../src/cli/vtc/files.js'
import { reportOf } from '../../../src/vtc/index.js'
import { playLiveTest } from '../../../src/vtc/live/play.js'
import { describeUpstream, hasUpstream, upstream } from '../support/upstream.js'

const FOLDER = upstream('source/reg-tests/http-rules')

/** Of another release of HAProxy, or with HTTP/2. */
const OTHERS = ['converters_ipmask_concat_strcmp_field_word.vtc', 'h1or2_to_h1c.vtc']

const names = hasUpstream ? readdirSync(FOLDER).filter((name) => name.endsWith('.vtc') && !OTHERS.includes(name)) : []

describeUpstream('regression tests on real sockets', () => {
  it.each([...names.map((name) => `http-rules/${name}`), 'mailers/healthcheckmail.vtc', 'lua/txn_get_priv.vtc'])(
    '%s',
    async (name) => {
      const file = upstream(`source/reg-tests/${name}`)
      const read = readVtcFile(file)
      const test = await playLiveTest({
        text: 'text' in read ? read.text : '',
        file,
        folder: file.slice(0, file.lastIndexOf('/')),
        duration: 30 * SECOND,
        program: upstream('haproxy'),
        environment: { ...(process.env as Record<string, string>), HAPROXY_PROGRAM: upstream('haproxy') },
      })
      expect(reportOf(test)).toMatchObject({ result: 'passed', message: '' })
    },
  )
})
