/** Files that the configuration names besides certificates of `bind` and `server`: their errors and warnings are HAProxy's. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { describeUpstream } from '../support/upstream.js'
import { checkOurs, checkReal } from './check.js'
import { copyFolders } from './corpus.js'

const FOLDER = 'reg-tests/ssl'

const TIMEOUTS = ' timeout client 1s\n timeout server 1s\n timeout connect 1s\n'

const proxies = `frontend f
 guid gf
 bind :20003
${TIMEOUTS}listen l
 guid gl
${TIMEOUTS} bind :20004
 server s 127.0.0.1:1 guid gs
backend b
 guid gb
${TIMEOUTS}`

describeUpstream('files of a configuration', () => {
  const startDirectory = process.cwd()
  let root = ''
  beforeAll(() => {
    root = temporaryFolder('files')
    copyFolders(root)
    const issuers = join(root, FOLDER, 'issuers')
    mkdirSync(issuers)
    mkdirSync(join(root, FOLDER, 'empty'))
    for (const [name, from] of [
      ['a.pem', 'ca-auth.crt'],
      ['b.pem', 'ca-auth.crt'],
      ['c.pem', 'common.key'],
      ['d.pem', 'common.pem'],
    ])
      copyFileSync(join(root, FOLDER, from!), join(issuers, name!))
    writeFileSync(join(issuers, 'e.pem'), 'no certificate\n')
    writeFileSync(join(root, FOLDER, 'text'), 'text\n')
  })
  afterAll(() => process.chdir(startDirectory))

  const compare = async (text: string): Promise<void> => {
    const each = { name: text, folder: FOLDER, flags: [], text }
    const settings = { root, file: 'files.cfg', descriptor: 0 }
    expect(checkOurs(each, settings)).toEqual(await checkReal(each, settings))
  }

  it.each([
    '',
    '\n// comment\n',
    'x',
    '#fe guid,',
    '#fe guid',
    '# fe guid,',
    '#fe\tguid,',
    '#fe guidx,',
    '#fe guid,a,\r\nx y\n\x01\ngf,1\ngs\ngb\ngl\n\nnosuch',
    '#be guid,a,\ngf\ngs\ngb\ngl\n,\na:b,1\na/b',
    '#xx abc,\na b\n#fe guid,\ngs',
    '#fe guid,\n#fe,\na b\n#be guid,\na b',
    '#fe guid,\n#x a,\na b',
  ])('a stats-file is checked: %j', async (content) => {
    writeFileSync(join(root, FOLDER, 'stats'), content)
    await compare(`global\n stats-file stats\n${proxies}`)
  })

  it.each([
    'stats-file nosuch',
    'stats-file empty',
    'issuers-chain-path issuers',
    'issuers-chain-path issuers//\n issuers-chain-path issuers',
    'issuers-chain-path empty\n issuers-chain-path issuers',
    'issuers-chain-path nosuch',
    'issuers-chain-path text',
    'httpclient.ssl.ca-file nosuch',
    'httpclient.ssl.ca-file ca-auth.crt',
    'httpclient.ssl.ca-file text',
    'httpclient.ssl.ca-file empty',
    'httpclient.ssl.ca-file @system-ca',
    'httpclient.ssl.ca-file',
    'httpclient.ssl.ca-file nosuch\n httpclient.ssl.verify none',
    'httpclient.ssl.verify required\n httpclient.ssl.ca-file nosuch\n nbthread x',
    'ca-base /nonsense\n httpclient.ssl.ca-file ca-auth.crt',
  ])('files of global are checked: %j', (lines) => compare(`global\n ${lines}\n${proxies}`))

  it.each([
    ['x', 'x', 'd'],
    ['gf', 'gl', 'd'],
    ['d', 'e', 'd'],
    ['a/b', 'é', 'a:b'],
    ['x'.repeat(127), 'y'.repeat(128), 'z'.repeat(128)],
    ['""', 'e', '""'],
  ])('GUIDs are unique: servers %s and %s, a backend %s', (first, second, third) =>
    compare(
      `${proxies}backend c\n server t 127.0.0.1:1 guid ${first}\n server u 127.0.0.1:1 guid ${second}\n` +
        `${TIMEOUTS}backend d\n guid ${third}\n${TIMEOUTS}`,
    ),
  )
})
