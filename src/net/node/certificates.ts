/**
 * Loads and caches certificate files (`ca-file`, `crl-file`, `crt`), with HAProxy's error messages (src/ssl_ckch.c:
 * `ssl_sock_load_files_into_ckch`, `__ssl_store_load_ca_file`).
 */
import { systemErrorText } from '../../bytes/errno.js'
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import type { Certificates, LoadedCertificates, StoredFile, StoredFiles } from '../tls.js'
import { readCertificateList } from './certificate-list.js'
import { issuerChainWarnings } from './issuer-chains.js'

/** Directories of system CA certificates, by distribution. */
const SYSTEM_CA_DIRECTORIES = ['/etc/ssl/certs', '/etc/pki/tls/certs']

const CERTIFICATE =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g
const CRL = /-----BEGIN X509 CRL-----[\s\S]*?-----END X509 CRL-----/g
const KEY = /-----BEGIN (?:\w+ )*PRIVATE KEY-----[\s\S]*?-----END (?:\w+ )*PRIVATE KEY-----/

/** Suffixes of certificate bundles: files that together replace a missing one. */
const BUNDLE_SUFFIXES = ['rsa', 'ecdsa', 'dsa'] as const

/** A certificate chain and its private key, PEM encoded. */
export interface CertificateWithKey {
  readonly cert: string
  readonly key: string
}

/** CA certificates and revocation lists, PEM encoded. */
export interface Authorities {
  readonly certificates: readonly string[]
  readonly crls: readonly string[]
}

interface LoadResult<T> {
  readonly content?: T
  readonly problem?: string | undefined
  /** the private key is missing, which is an error only when the certificate is used */
  readonly missingKey?: boolean
}

/** Certificates on the host's disk. */
export class NodeCertificates implements Certificates {
  readonly #authorities = new Map<string, LoadResult<Authorities> & { readonly emptyFolder?: boolean }>()
  readonly #certificates = new Map<string, LoadResult<CertificateWithKey>>()

  /** base directory of relative paths */
  #baseDirectory = ''

  #dropsExtension = false

  dropExtension(): void {
    this.#dropsExtension = true
  }

  setBaseDirectory(folder: string): void {
    this.#baseDirectory = folder
  }

  #resolve(path: string): string {
    return this.#baseDirectory === '' || path.startsWith('/') || path.startsWith('@')
      ? path
      : `${this.#baseDirectory}/${path}`
  }

  loadCaFile(path: string): LoadResult<Authorities> & { readonly emptyFolder?: boolean } {
    return cached(this.#authorities, path, (path) => loadAuthorities(path, this.#resolve(path)))
  }

  loadIssuerChains(directory: string): readonly string[] {
    return issuerChainWarnings(directory, this.#resolve(directory))
  }

  loadForServer(path: string): string | undefined {
    return this.loadWithKey(path).problem
  }

  loadWithKey(path: string): LoadResult<CertificateWithKey> {
    return cached(this.#certificates, path, (path) => {
      const keyFile = `${this.#dropsExtension ? path.replace(/\.crt$/, '') : path}.key`
      return loadCertificate(path, this.#resolve(path), { path: keyFile, at: this.#resolve(keyFile) })
    })
  }

  store(name: string, files: StoredFiles): ReturnType<Certificates['store']> {
    if (this.#certificates.has(name)) return 'taken'
    const read = loadStored(name, files, (path) => this.#resolve(path))
    if ('text' in read) return read
    this.#certificates.set(name, read)
    return undefined
  }

  loadForBind(path: string): LoadedCertificates {
    const stored = this.#certificates.get(path)
    if (stored)
      return {
        problem: stored.missingKey ? `${stored.problem!.slice(0, -1)}: passed a null parameter.` : stored.problem,
        certificates: [{ path }],
      }
    let names: string[]
    try {
      names = readdirSync(this.#resolve(path))
    } catch {
      const bundle = existsSync(this.#resolve(path))
        ? []
        : BUNDLE_SUFFIXES.map((suffix) => `${path}.${suffix}`).filter((each) => existsSync(this.#resolve(each)))
      return this.#loadAll(bundle.length > 0 ? bundle : [path])
    }
    const wanted = names.filter((name) => !/\.(?:key|issuer|ocsp|sctl)$/.test(name)).sort()
    return this.#loadAll(
      wanted.map((name) => join(path, name)).filter((file) => !statSync(this.#resolve(file)).isDirectory()),
    )
  }

  #loadAll(files: readonly string[]): LoadedCertificates {
    const problem = files.map((file) => this.loadForServer(file)).find((each) => each !== undefined)
    return { problem, certificates: files.map((path) => ({ path })) }
  }

  loadList(path: string, pathOf: (file: string) => string): LoadedCertificates {
    const list = readCertificateList(path, this.#resolve(path))
    if (typeof list === 'string') return { problem: list, certificates: [] }
    const certificates = list.map(({ file, names }) => ({ path: pathOf(file), names }))
    const problem = certificates.map((each) => this.loadForServer(each.path)).find((each) => each !== undefined)
    return { problem, certificates }
  }

  rejectsCiphers(kind: 'ciphers' | 'ciphersuites', list: string): boolean {
    try {
      createSecureContext({
        ciphers: joinCipherLists(kind === 'ciphers' ? list : undefined, kind === 'ciphers' ? undefined : list),
      })
      return false
    } catch {
      return true
    }
  }
}

/** Joins both lists into one, as Node's `ciphers` option expects. */
export const joinCipherLists = (ciphers: string | undefined, ciphersuites: string | undefined): string | undefined => {
  const parts = [ciphersuites, ciphers].filter((each) => each !== undefined)
  return parts.length === 0 ? undefined : parts.join(':')
}

const cached = <T>(cache: Map<string, T>, path: string, load: (path: string) => T): T => {
  let result = cache.get(path)
  if (result === undefined) cache.set(path, (result = load(path)))
  return result
}

const loadAuthorities = (path: string, at: string): LoadResult<Authorities> & { readonly emptyFolder?: boolean } => {
  try {
    if (path === '@system-ca') return { content: loadSystemAuthorities() }
    const isDirectory = statSync(at).isDirectory()
    const content = isDirectory ? readDirectory(at) : parsePem(readFileSync(at, 'latin1'))
    if (content.certificates.length + content.crls.length > 0) return { content }
    if (isDirectory) return { content, emptyFolder: true }
    return { problem: `Couldn't open the ca-file '${path}' (no certificate or crl found).` }
  } catch (error) {
    return { problem: `Couldn't open the ca-file '${path}' (${systemErrorText(error)}).` }
  }
}

const loadSystemAuthorities = (): Authorities => {
  for (const directory of SYSTEM_CA_DIRECTORIES) {
    try {
      const found = readDirectory(directory)
      if (found.certificates.length > 0) return { ...found, certificates: [...new Set(found.certificates)] }
    } catch {
      // does not exist on this system
    }
  }
  return { certificates: [], crls: [] }
}

const readDirectory = (path: string): Authorities => {
  const all = readdirSync(path).map((name) => {
    try {
      return parsePem(readFileSync(join(path, name), 'latin1'))
    } catch {
      return { certificates: [], crls: [] }
    }
  })
  return { certificates: all.flatMap((each) => each.certificates), crls: all.flatMap((each) => each.crls) }
}

const parsePem = (text: string): Authorities => ({
  certificates: (text.match(CERTIFICATE) ?? []).filter(isCertificate),
  crls: text.match(CRL) ?? [],
})

const isCertificate = (pem: string): boolean => {
  try {
    return new X509Certificate(pem).serialNumber !== ''
  } catch {
    return false
  }
}

/** Loads the chain in `path`, and the key from the same file or from another one. */
const loadCertificate = (
  path: string,
  at: string,
  keyFile: { readonly path: string; readonly at: string },
): LoadResult<CertificateWithKey> => {
  try {
    statSync(at)
  } catch (error) {
    return { problem: `unable to stat SSL certificate from file '${path}' : ${systemErrorText(error)}.` }
  }
  let text: string
  try {
    text = readFileSync(at, 'latin1')
  } catch {
    return { problem: `unable to load certificate from file '${path}': system lib.` }
  }
  const chain = text.match(CERTIFICATE)
  if (!chain) return { problem: `unable to load certificate from file '${path}': no start line.` }
  if (!isCertificate(chain[0])) return { problem: `unable to load certificate from file '${path}': bad base64 decode.` }
  const key = findKey(text) ?? findKey(readOrEmpty(keyFile.at))
  if (!key) return { problem: `No Private Key found in '${keyFile.path}'.` }
  if (!new X509Certificate(chain[0]).checkPrivateKey(key.object))
    return { problem: `inconsistencies between private key and certificate loaded '${path}'.` }
  return { content: { cert: chain.join('\n'), key: key.pem } }
}

/** Loads the certificate and key of a `load` line. As in HAProxy, a key mismatch is not an error; the certificate is not used. */
const loadStored = (
  name: string,
  { crt, key, others }: StoredFiles,
  at: (path: string) => string,
): LoadResult<CertificateWithKey> | { readonly text: string } => {
  const unusable = ({ written }: StoredFile, reason = ''): { readonly text: string } => ({
    text: `${reason && `${reason}\n`} '${written}' cannot be read or parsed.`,
  })
  if (!isReadable(at(crt.path))) return unusable(crt, `cannot open the file '${crt.path}'.`)
  const chain = readOrEmpty(at(crt.path)).match(CERTIFICATE)
  if (!chain || !isCertificate(chain[0]))
    return unusable(crt, `unable to load certificate from file '${crt.path}': no start line.`)
  if (key !== undefined && !isReadable(at(key.path))) return unusable(key)
  const found = findKey(readOrEmpty(at((key ?? crt).path)))
  if (key !== undefined && !found) return unusable(key, `unable to load private key from file '${key.path}'.`)
  const missing = others.find(({ path }) => !isReadable(at(path)))
  if (missing !== undefined) return unusable(missing)
  if (!found) return { problem: `unable to load SSL private key into SSL Context '${name}'.`, missingKey: true }
  const matches = new X509Certificate(chain[0]).checkPrivateKey(found.object)
  return matches ? { content: { cert: chain.join('\n'), key: found.pem } } : {}
}

const isReadable = (path: string): boolean => {
  try {
    readFileSync(path)
    return true
  } catch {
    return false
  }
}

const readOrEmpty = (path: string): string => {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

const findKey = (text: string): { readonly pem: string; readonly object: KeyObject } | undefined => {
  const pem = KEY.exec(text)?.[0]
  if (pem === undefined) return undefined
  try {
    return { pem, object: createPrivateKey(pem) }
  } catch {
    return undefined
  }
}
