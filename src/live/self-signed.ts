/**
 * Creates a self-signed certificate for a name or an address, valid for one day (RFC 5280; RFC 5758 for the signature). Node can read
 * certificates but not create them.
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'
import { ipBytes } from '../net/ip.js'

const SEQUENCE = 0x30
const SET = 0x31
const INTEGER = 0x02
const BIT_STRING = 0x03
const OCTET_STRING = 0x04
const OBJECT = 0x06
const UTF8_STRING = 0x0c
const UTC_TIME = 0x17
const VERSION = 0xa0
const EXTENSIONS = 0xa3
/** subjectAltName types: dNSName and iPAddress */
const DNS_NAME = 0x82
const IP_ADDRESS = 0x87

const COMMON_NAME = [0x55, 4, 3]
const SUBJECT_ALT_NAME = [0x55, 0x1d, 17]
/** ecdsa-with-SHA256, 1.2.840.10045.4.3.2 */
const ECDSA_WITH_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]

/** Encodes a DER element: tag, length and contents. */
const element = (tag: number, ...contents: (Uint8Array | readonly number[])[]): Buffer => {
  const content = Buffer.concat(contents.map((each) => Uint8Array.from(each)))
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Uint8Array.from([tag, ...size]), content])
}

const text = (tag: number, value: string): Buffer => element(tag, Buffer.from(value))

/** `261127053000Z` */
const time = (milliseconds: number): Buffer =>
  text(UTC_TIME, `${new Date(milliseconds).toISOString().replace(/\D/g, '').slice(2, 14)}Z`)

/** Encodes a bit string of whole bytes. */
const bits = (bytes: Uint8Array): Buffer => element(BIT_STRING, [0], bytes)

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '::1']

const alternativeName = (name: string): Buffer =>
  isIP(name) === 0 ? text(DNS_NAME, name) : element(IP_ADDRESS, ipBytes(name))

const DAY_MS = 86_400_000

/** A certificate and its private key. */
export interface SelfSigned {
  /** both in PEM format */
  readonly cert: string
  readonly key: string
}

/** Creates a certificate for `name` and the loopback names and addresses. */
export const makeSelfSigned = (name: string): SelfSigned => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = element(SEQUENCE, element(OBJECT, ECDSA_WITH_SHA256))
  const subject = element(
    SEQUENCE,
    element(SET, element(SEQUENCE, element(OBJECT, COMMON_NAME), text(UTF8_STRING, name))),
  )
  const names = [...new Set([name, ...LOOPBACK_NAMES])].map(alternativeName)
  const extension = element(
    SEQUENCE,
    element(OBJECT, SUBJECT_ALT_NAME),
    element(OCTET_STRING, element(SEQUENCE, ...names)),
  )
  const now = Date.now()
  const body = element(
    SEQUENCE,
    element(VERSION, element(INTEGER, [2])),
    element(INTEGER, [1], randomBytes(8)),
    algorithm,
    subject,
    element(SEQUENCE, time(now - DAY_MS), time(now + DAY_MS)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    element(EXTENSIONS, element(SEQUENCE, extension)),
  )
  const certificate = element(SEQUENCE, body, algorithm, bits(sign('sha256', body, privateKey)))
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}
