/** Stick tables in the model of a configuration. */
import { expect, test } from 'vitest'
import { parseConfig } from '../support/parse-config.js'

const tableOf = (settings: string) =>
  parseConfig([{ name: 'x.cfg', text: `backend b\n stick-table ${settings}\n` }]).proxies[0]?.table

test("a table has the name of its proxy and HAProxy's defaults", () => {
  expect(tableOf('type ip size 100k')).toMatchObject({
    name: 'b',
    networkName: 'b',
    type: 'ip',
    keySize: 4,
    size: 102_400,
    expire: undefined,
    nopurge: false,
    receiveOnly: false,
    serverKey: 'name',
    writeTo: undefined,
    byteRateFactor: 1,
    peers: undefined,
    data: new Map(),
  })
})

test('the length of a string counts the NUL at its end, that of binary keys is exact', () => {
  expect(tableOf('type string len 10 size 1')).toMatchObject({ type: 'string', keySize: 11 })
  expect(tableOf('type string size 1')).toMatchObject({ type: 'string', keySize: 32 })
  expect(tableOf('type binary len 10 size 1')).toMatchObject({ type: 'binary', keySize: 10 })
})

test('stored data have numbers of elements and periods', () => {
  expect(tableOf('type ip size 1 store gpc0,conn_rate(10s) store gpc_rate(3,1m),server_name')?.data).toEqual(
    new Map([
      ['gpc0', { elements: 1, period: undefined }],
      ['conn_rate', { elements: 1, period: 10_000_000 }],
      ['gpc_rate', { elements: 3, period: 60_000_000 }],
      ['server_key', { elements: 1, period: undefined }],
    ]),
  )
})

test('settings may come in any order, and the last one of a kind is used', () => {
  expect(tableOf('nopurge expire 5m size 1 type integer recv-only srvkey addr brates-factor 8 size 2m')).toMatchObject({
    type: 'integer',
    size: 2_097_152,
    expire: 300_000_000,
    nopurge: true,
    receiveOnly: true,
    serverKey: 'addr',
    byteRateFactor: 8,
  })
})
