/** Details of certificates that headers of the PROXY protocol contain (src/ssl_utils.c, `ssl_sock_get_cert_sig` in src/ssl_sock.c). */
import type { X509Certificate } from 'node:crypto'
import { toByteString } from '../../bytes/text.js'

/** The first common name of the subject, a byte string. */
export const commonName = (certificate: X509Certificate): string | undefined => {
  const { CN } = certificate.toLegacyObject().subject as { readonly CN?: string | readonly string[] }
  const first = typeof CN === 'string' ? CN : CN?.[0]
  return first === undefined ? undefined : toByteString(first)
}

/** Bits of the curves that OpenSSL has for certificates. */
const CURVE_BITS: Readonly<Record<string, number>> = {
  prime256v1: 256,
  secp256k1: 256,
  secp384r1: 384,
  secp521r1: 521,
  secp224r1: 224,
  brainpoolP256r1: 256,
  brainpoolP384r1: 384,
  brainpoolP512r1: 512,
}

/** Algorithm and size of the key, such as `RSA2048`; undefined for others than RSA, EC and DSA (`cert_get_pkey_algo`). */
export const keyAlgorithm = ({ publicKey }: X509Certificate): string | undefined => {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = publicKey
  if (type === 'rsa') return `RSA${details?.modulusLength ?? 0}`
  if (type === 'dsa') return `DSA${details?.modulusLength ?? 0}`
  return type === 'ec' ? `EC${CURVE_BITS[details?.namedCurve ?? ''] ?? 0}` : undefined
}

/** OpenSSL's short names of signature algorithms, by their object identifiers in DER, in hexadecimal. */
const SIGNATURES: Readonly<Record<string, string>> = {
  '2a864886f70d010104': 'RSA-MD5',
  '2a864886f70d010105': 'RSA-SHA1',
  '2a864886f70d01010a': 'RSASSA-PSS',
  '2a864886f70d01010b': 'RSA-SHA256',
  '2a864886f70d01010c': 'RSA-SHA384',
  '2a864886f70d01010d': 'RSA-SHA512',
  '2a864886f70d01010e': 'RSA-SHA224',
  '2a8648ce3d0401': 'ecdsa-with-SHA1',
  '2a8648ce3d040301': 'ecdsa-with-SHA224',
  '2a8648ce3d040302': 'ecdsa-with-SHA256',
  '2a8648ce3d040303': 'ecdsa-with-SHA384',
  '2a8648ce3d040304': 'ecdsa-with-SHA512',
  '2a8648ce380403': 'DSA-SHA1',
  '608648016503040302': 'dsa_with_SHA256',
  '2b6570': 'ED25519',
  '2b6571': 'ED448',
}

/** The algorithm of the signature, such as `RSA-SHA256`; `UNDEF` if it is unknown. */
export const signatureAlgorithm = ({ raw }: X509Certificate): string => {
  // Certificate { TBSCertificate { [0] version, serialNumber, signature { algorithm … } … } … }
  const certificate = contentOf(raw, 0)
  let at = contentOf(raw, certificate.from).from
  if (raw[at] === EXPLICIT_0) at = contentOf(raw, at).to
  at = contentOf(raw, at).to
  const { from, to } = contentOf(raw, contentOf(raw, at).from)
  return SIGNATURES[raw.subarray(from, to).toString('hex')] ?? 'UNDEF'
}

const EXPLICIT_0 = 0xa0

/** Where the content of the DER element at `at` begins and ends. */
const contentOf = (bytes: Buffer, at: number): { readonly from: number; readonly to: number } => {
  const first = bytes[at + 1]!
  if (first < 0x80) return { from: at + 2, to: at + 2 + first }
  const count = first & 0x7f
  const from = at + 2 + count
  return { from, to: from + bytes.readUIntBE(at + 2, count) }
}
