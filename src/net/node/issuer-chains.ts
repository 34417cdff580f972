/** Loads the directory of `issuers-chain-path` (`ssl_load_global_issuer_from_BIO` in src/ssl_sock.c), for its warnings. */
import { X509Certificate } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { systemErrorText } from '../../bytes/errno.js'

const CERTIFICATE = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/

/** The object identifier of the extension SubjectKeyIdentifier (2.5.29.14), in DER. */
const SUBJECT_KEY_IDENTIFIER = Buffer.from([0x06, 0x03, 0x55, 0x1d, 0x0e])

/**
 * Returns HAProxy's warnings about the files of a directory.
 *
 * @param directory as messages name it, without slashes at the end
 * @param at where it is
 */
export const issuerChainWarnings = (directory: string, at: string): string[] => {
  const warnings: string[] = []
  const known = new Map<string, string>()
  for (const name of ['.', '..', ...readdirSync(at)].sort()) {
    const file = `${directory}/${name}`
    try {
      if (!statSync(`${at}/${name}`).isFile()) continue
    } catch (error) {
      warnings.push(`unable to stat certificate from file '${file}' : ${systemErrorText(error)}.`)
      continue
    }
    const issuer = readIssuer(`${at}/${name}`)
    const earlier = known.get(issuer.key ?? '')
    if (issuer.key === undefined) warnings.push(`unable to load issuers-chain ${file} : ${issuer.problem}.`)
    else if (earlier !== undefined) warnings.push(`duplicate issuers-chain ${file}: ${earlier} already in store`)
    else known.set(issuer.key, file)
  }
  return warnings
}

/** The identity of the first certificate in a file: its subject and the identifier of its key. */
const readIssuer = (path: string): { readonly key?: string; readonly problem?: string } => {
  const certificate = firstCertificate(path)
  if (certificate === undefined) return { problem: 'pem certificate not found' }
  const at = certificate.raw.indexOf(SUBJECT_KEY_IDENTIFIER)
  if (at < 0) return { problem: 'SubjectKeyIdentifier not found' }
  // the extension is an octet string with an octet string in it
  const from = at + SUBJECT_KEY_IDENTIFIER.length
  const length = certificate.raw[from + 1]!
  return { key: `${certificate.raw.toString('hex', from, from + 2 + length)} ${certificate.subject}` }
}

const firstCertificate = (path: string): X509Certificate | undefined => {
  try {
    const pem = CERTIFICATE.exec(readFileSync(path, 'latin1'))?.[0]
    return pem === undefined ? undefined : new X509Certificate(pem)
  } catch {
    return undefined
  }
}
