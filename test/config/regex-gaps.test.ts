/** What of regular expressions is not emulated is reported, wherever they are. */
import { expect, it } from 'vitest'
import { parseConfig } from '../../src/config/index.js'
import { SAMPLES } from '../../src/haproxy/samples/registry.js'

const TIMEOUTS = 'timeout client 1s\n timeout server 1s\n timeout connect 1s\n'

it.each([
  'acl a path -m reg (*UTF)x',
  'acl a path_reg -i (*UTF)x',
  'http-request deny if { path -m reg -- x (*UTF)é }',
  'http-request set-var(txn.x) path,map_reg(list)',
  'http-request deny if { path_reg -f list }',
  'http-request replace-header a (*UTF)x b',
  'http-request replace-path (*UTF)x b',
  'http-request set-var(txn.x) path,regsub(\\"(*UTF)x\\",b)',
])('%s', (line) => {
  const text = `listen l\n mode http\n bind :8000\n ${TIMEOUTS} ${line}\n`
  const readFile = () => Buffer.from(line.includes('map') ? '(*UTF)x y\n' : '(*UTF)x\n')
  const { gaps, failed } = parseConfig([{ name: 'haproxy.cfg', text }], { samples: SAMPLES, readFile })
  expect(failed).toBe(false)
  expect(gaps).toContainEqual({
    place: { file: 'haproxy.cfg', line: 7 },
    what: "'(*UTF)' in a regular expression",
    area: 'traffic',
  })
})
