/** Sections `http-errors` and error files are for hapsim what they are for `haproxy -c`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readHostFile } from '../../../../src/net/node/index.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'
import { describeUpstream } from '../../support/upstream.js'
import { askHaproxy, askHapsim } from '../compare.js'

const HEAD = 'HTTP/1.1 503 Service Unavailable\r\n'
const fields = (count: number) => Array.from({ length: count }, (_, i) => `h${i}: x\r\n`).join('')

/** Error files by name. */
const FILES: Readonly<Record<string, string>> = {
  ok: HEAD + 'content-length: 3\r\n\r\nabc',
  nolen: HEAD + '\r\nabc',
  empty: '',
  nohdr: HEAD + '\r\n',
  lf: 'HTTP/1.0 503 x\ncontent-type: text/plain\n\nabc',
  short: HEAD + 'content-length: 5\r\n\r\nabc',
  long: HEAD + 'content-length: 2\r\n\r\nabc',
  zero: HEAD + 'content-length: 0\r\n\r\nabc',
  zero2: HEAD + 'content-length: 0\r\n\r\n',
  chunked: HEAD + 'transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
  te: HEAD + 'transfer-encoding: gzip\r\n\r\nabc',
  teclen: HEAD + 'transfer-encoding: gzip\r\ncontent-length: 9\r\n\r\nabc',
  junk: 'junk\n',
  junk2: 'HTTP/1.1\r\n\r\n',
  junk3: 'HTTP/1.1 5x3 a\r\n\r\n',
  ver: 'HTTP/1.10 503 x\r\n\r\n',
  ver2: 'HTTP/2 503 x\r\n\r\n',
  ver3: 'HTTX/1.1 503 x\r\n\r\n',
  incomplete: HEAD,
  incomplete2: HEAD + 'a: b\r\n',
  incomplete3: 'HTTP',
  '100': 'HTTP/1.1 100 x\r\n\r\n',
  '101': 'HTTP/1.1 101 x\r\n\r\n',
  '102': 'HTTP/1.1 102 x\r\n\r\n',
  '199': 'HTTP/1.1 199 x\r\n\r\n',
  '000': 'HTTP/1.1 000 x\r\n\r\n',
  '9': 'HTTP/1.1 9 x\r\n\r\n',
  '1000': 'HTTP/1.1 1000 x\r\n\r\n',
  '204': 'HTTP/1.1 204 x\r\n\r\nabc',
  '204b': 'HTTP/1.1 204 x\r\ncontent-length: 3\r\n\r\nabc',
  '204c': 'HTTP/1.1 204 x\r\ncontent-length: 3\r\n\r\n',
  '304': 'HTTP/1.1 304 x\r\ntransfer-encoding: chunked\r\n\r\n',
  badname: HEAD + 'a b: c\r\n\r\n',
  badname2: HEAD + ': c\r\n\r\n',
  nul: HEAD + 'a: \0b\r\n\r\n',
  badlen: HEAD + 'content-length: x\r\n\r\n',
  twolen: HEAD + 'content-length: 3\r\ncontent-length: 4\r\n\r\nabc',
  samelen: HEAD + 'content-length: 3\r\ncontent-length: 3\r\n\r\nabc',
  lenlist: HEAD + 'content-length: 3, 3\r\n\r\nabc',
  fold: HEAD + 'a: b\r\n c\r\n\r\n',
  lead: '\r\n\r\nHTTP/1.1 503 Service Unavailable\r\n\r\nabc',
  many100: HEAD + fields(100) + '\r\n',
  many101: HEAD + fields(101) + '\r\n',
  many99: HEAD + fields(99) + '\r\n',
  noreason: 'HTTP/1.1 503\r\n\r\n',
  tetwice: HEAD + 'transfer-encoding: chunked, chunked\r\n\r\n',
  teempty: HEAD + 'transfer-encoding:\r\n\r\n',
  conn: HEAD + 'connection: close\r\n\r\nabc',
  big: HEAD + '\r\n' + 'a'.repeat(20000),
  bigclen: HEAD + 'content-length: 20000\r\n\r\n' + 'a'.repeat(20000),
  size16255: HEAD + '\r\n' + 'a'.repeat(16219),
  size16256: HEAD + '\r\n' + 'a'.repeat(16220),
  size16257: HEAD + '\r\n' + 'a'.repeat(16221),
  size16258: HEAD + '\r\n' + 'a'.repeat(16222),
  size16259: HEAD + '\r\n' + 'a'.repeat(16223),
  size16260: HEAD + '\r\n' + 'a'.repeat(16224),
  size16261: HEAD + '\r\n' + 'a'.repeat(16225),
  size16262: HEAD + '\r\n' + 'a'.repeat(16226),
  size16263: HEAD + '\r\n' + 'a'.repeat(16227),
  size16264: HEAD + '\r\n' + 'a'.repeat(16228),
  size16265: HEAD + '\r\n' + 'a'.repeat(16229),
  size16266: HEAD + '\r\n' + 'a'.repeat(16230),
  size16267: HEAD + '\r\n' + 'a'.repeat(16231),
  size16268: HEAD + '\r\n' + 'a'.repeat(16232),
  size16269: HEAD + '\r\n' + 'a'.repeat(16233),
  size16270: HEAD + '\r\n' + 'a'.repeat(16234),
  size16271: HEAD + '\r\n' + 'a'.repeat(16235),
  size16272: HEAD + '\r\n' + 'a'.repeat(16236),
  size16273: HEAD + '\r\n' + 'a'.repeat(16237),
  size16274: HEAD + '\r\n' + 'a'.repeat(16238),
  size16384: HEAD + '\r\n' + 'a'.repeat(16348),
  size16383: HEAD + '\r\n' + 'a'.repeat(16347),
  size16385: HEAD + '\r\n' + 'a'.repeat(16349),
}

/** `@/` is the folder of the files. */
const TEXTS: readonly string[] = [
  'http-errors e\n errorfile\n',
  'http-errors e\n errorfile 503\n',
  'http-errors e\n errorfile x y\n',
  'http-errors e\n errorfile 505 @/ok\n',
  'http-errors e\n errorfile 503 nosuch\n',
  'http-errors e\n errorfile 503 @/dir\n',
  'http-errors e\n errorfile 503 @/ok x\n',
  'http-errors e\n errorfile 411 @/ok\n',
  'http-errors e\n errorfile 414 @/ok\n',
  'http-errors e\n errorfile 200 @/ok\n',
  'http-errors e\n errorfile 503x @/ok\n',
  'http-errors e\n errorfiles x\n',
  'http-errors e\n foo\n',
  'http-errors e\n no errorfile 503 @/ok\n',
  'http-errors e\n errorfile 503 @/big\n errorfile 502 @/size16384\n errorfile 400 @/ok\n',
  'http-errors e\n errorfile 503 @/junk\n errorfile 502 @/junk\n',
  'http-errors e\n errorfile 503 @/bigclen\n errorfile 502 @/bigclen\n',
  'http-errors\n errorfile 503 @/ok\n',
  'http-errors a/b\n errorfile 503 @/ok\n',
  'http-errors a b\n errorfile 503 @/ok\n',
  'http-errors a\nhttp-errors a\nhttp-errors a\n errorfile 503 @/ok\n',
  'http-errors a\n errorfile 503 nosuch\nhttp-errors\n',
]

describeUpstream('sections http-errors', () => {
  let folder: string

  beforeAll(() => {
    folder = temporaryFolder('errors')
    for (const [name, content] of Object.entries(FILES)) writeFileSync(join(folder, name), content, 'latin1')
    mkdirSync(join(folder, 'dir'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const ask = (text: string): void => {
    const config = text.replaceAll('@/', `${folder}/`)
    expect(askHapsim(config, { readFile: readHostFile })).toEqual(askHaproxy(config))
  }

  test.for(Object.keys(FILES))('with the error file %s', (name) => ask(`http-errors e\n errorfile 503 @/${name}\n`))

  test.for(TEXTS)('%s', ask)
})
