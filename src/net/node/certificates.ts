/**
 * Certificates in files: what `ca-file`, `crl-file` and `crt` name, read once, with HAProxy's words for what is wrong
 * (src/ssl_ckch.c: `ssl_sock_load_files_into_ckch`, `__ssl_store_load_ca_file`).
 */
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import type { Certificates, StoredFile, StoredFiles } from '../tls.js'
import { readCertificateList } from './certificate-list.js'

/** Where OpenSSL finds the system's authorities, by system. */
const SYSTEM_FOLDERS = ['/etc/ssl/certs', '/etc/pki/tls/certs']

const CERTIFICATE =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g
const CRL = /-----BEGIN X509 CRL-----[\s\S]*?-----END X509 CRL-----/g
const KEY = /-----BEGIN (?:\w+ )*PRIVATE KEY-----[\s\S]*?-----END (?:\w+ )*PRIVATE KEY-----/

/** Ends of the files that stand together for one that is not there. */
const BUNDLE = ['rsa', 'ecdsa', 'dsa'] as const

export interface OwnCertificate {
  readonly cert: string
  readonly key: string
}

export interface Authorities {
  readonly certificates: readonly string[]
  readonly crls: readonly string[]
}

interface Read<T> {
  readonly content?: T
  readonly problem?: string | undefined
  /** it is without a key, which is found only when it is used */
  readonly lacksKey?: boolean
}

export class NodeCertificates implements Certificates {
  readonly #authorities = new Map<string, Read<Authorities> & { readonly emptyFolder?: boolean }>()
  readonly #own = new Map<string, Read<OwnCertificate>>()

  /** where relative paths begin */
  #folder = ''

  lieIn(folder: string): void {
    this.#folder = folder
  }

  #at(path: string): string {
    return this.#folder === '' || path.startsWith('/') || path.startsWith('@') ? path : `${this.#folder}/${path}`
  }

  authorities(path: string): Read<Authorities> & { readonly emptyFolder?: boolean } {
    return remembered(this.#authorities, path, (path) => readAuthorities(path, this.#at(path)))
  }

  own(path: string): string | undefined {
    return this.ownCertificate(path).problem
  }

  ownCertificate(path: string): Read<OwnCertificate> {
    return remembered(this.#own, path, (path) => readOwn(path, this.#at(path)))
  }

  store(name: string, files: StoredFiles): ReturnType<Certificates['store']> {
    if (this.#own.has(name)) return 'taken'
    const read = readStored(name, files, (path) => this.#at(path))
    if ('text' in read) return read
    this.#own.set(name, read)
    return undefined
  }

  offered(path: string): { readonly problem?: string | undefined; readonly count: number } {
    const stored = this.#own.get(path)
    if (stored)
      return {
        problem: stored.lacksKey ? `${stored.problem!.slice(0, -1)}: passed a null parameter.` : stored.problem,
        count: 1,
      }
    let names: string[]
    try {
      names = readdirSync(this.#at(path))
    } catch {
      const bundle = existsSync(this.#at(path))
        ? []
        : BUNDLE.map((end) => `${path}.${end}`).filter((each) => existsSync(this.#at(each)))
      const problem = (bundle.length > 0 ? bundle : [path])
        .map((each) => this.own(each))
        .find((each) => each !== undefined)
      return { problem, count: Math.max(bundle.length, 1) }
    }
    const wanted = names.filter((name) => !/\.(?:key|issuer|ocsp|sctl)$/.test(name)).sort()
    const files = wanted.map((name) => join(path, name)).filter((file) => !statSync(this.#at(file)).isDirectory())
    const problem = files.map((file) => this.own(file)).find((each) => each !== undefined)
    return { problem, count: files.length }
  }

  listed(path: string, pathOf: (file: string) => string): ReturnType<Certificates['listed']> {
    const list = readCertificateList(path, this.#at(path))
    if (typeof list === 'string') return { problem: list, count: 0 }
    const problem = list.map((file) => this.own(pathOf(file))).find((each) => each !== undefined)
    return { problem, count: list.length }
  }

  ciphersProblem(kind: 'ciphers' | 'ciphersuites', list: string): boolean {
    try {
      createSecureContext({
        ciphers: nodeCiphers(kind === 'ciphers' ? list : undefined, kind === 'ciphers' ? undefined : list),
      })
      return false
    } catch {
      return true
    }
  }
}

/** Both lists as Node takes them: in one. */
export const nodeCiphers = (ciphers: string | undefined, ciphersuites: string | undefined): string | undefined => {
  const parts = [ciphersuites, ciphers].filter((each) => each !== undefined)
  return parts.length === 0 ? undefined : parts.join(':')
}

const remembered = <T>(known: Map<string, T>, path: string, read: (path: string) => T): T => {
  let found = known.get(path)
  if (found === undefined) known.set(path, (found = read(path)))
  return found
}

/** What `strerror` says of an error of the file system. */
const reasonOf = (error: unknown): string => {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  return REASONS[code] ?? code
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  ENAMETOOLONG: 'File name too long',
}

const readAuthorities = (path: string, at: string): Read<Authorities> & { readonly emptyFolder?: boolean } => {
  try {
    if (path === '@system-ca') return { content: systemAuthorities() }
    const isFolder = statSync(at).isDirectory()
    const content = isFolder ? readFolder(at) : split(readFileSync(at, 'latin1'))
    if (content.certificates.length + content.crls.length > 0) return { content }
    if (isFolder) return { content, emptyFolder: true }
    return { problem: `Couldn't open the ca-file '${path}' (no certificate or crl found).` }
  } catch (error) {
    return { problem: `Couldn't open the ca-file '${path}' (${reasonOf(error)}).` }
  }
}

const systemAuthorities = (): Authorities => {
  for (const folder of SYSTEM_FOLDERS) {
    try {
      const found = readFolder(folder)
      if (found.certificates.length > 0) return { ...found, certificates: [...new Set(found.certificates)] }
    } catch {
      // not on this system
    }
  }
  return { certificates: [], crls: [] }
}

const readFolder = (path: string): Authorities => {
  const all = readdirSync(path).map((name) => {
    try {
      return split(readFileSync(join(path, name), 'latin1'))
    } catch {
      return { certificates: [], crls: [] }
    }
  })
  return { certificates: all.flatMap((each) => each.certificates), crls: all.flatMap((each) => each.crls) }
}

const split = (text: string): Authorities => ({
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

/** The chain in `path`, and the key there or in the file beside it that ends in `.key`. */
const readOwn = (path: string, at: string): Read<OwnCertificate> => {
  try {
    statSync(at)
  } catch (error) {
    return { problem: `unable to stat SSL certificate from file '${path}' : ${reasonOf(error)}.` }
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
  const key = keyIn(text) ?? keyIn(contentOf(`${at}.key`))
  if (!key) return { problem: `No Private Key found in '${path}.key'.` }
  if (!new X509Certificate(chain[0]).checkPrivateKey(key.object))
    return { problem: `inconsistencies between private key and certificate loaded '${path}'.` }
  return { content: { cert: chain.join('\n'), key: key.pem } }
}

/** The certificate and the key of a line `load`. That they do not fit is not noticed: the certificate is not sent then. */
const readStored = (
  name: string,
  { crt, key, others }: StoredFiles,
  at: (path: string) => string,
): Read<OwnCertificate> | { readonly text: string } => {
  const unusable = ({ written }: StoredFile, why = ''): { readonly text: string } => ({
    text: `${why && `${why}\n`} '${written}' cannot be read or parsed.`,
  })
  if (!isReadable(at(crt.path))) return unusable(crt, `cannot open the file '${crt.path}'.`)
  const chain = contentOf(at(crt.path)).match(CERTIFICATE)
  if (!chain || !isCertificate(chain[0]))
    return unusable(crt, `unable to load certificate from file '${crt.path}': no start line.`)
  if (key !== undefined && !isReadable(at(key.path))) return unusable(key)
  const found = keyIn(contentOf(at((key ?? crt).path)))
  if (key !== undefined && !found) return unusable(key, `unable to load private key from file '${key.path}'.`)
  const missing = others.find(({ path }) => !isReadable(at(path)))
  if (missing !== undefined) return unusable(missing)
  if (!found) return { problem: `unable to load SSL private key into SSL Context '${name}'.`, lacksKey: true }
  const fits = new X509Certificate(chain[0]).checkPrivateKey(found.object)
  return fits ? { content: { cert: chain.join('\n'), key: found.pem } } : {}
}

const isReadable = (path: string): boolean => {
  try {
    readFileSync(path)
    return true
  } catch {
    return false
  }
}

const contentOf = (path: string): string => {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

const keyIn = (text: string): { readonly pem: string; readonly object: KeyObject } | undefined => {
  const pem = KEY.exec(text)?.[0]
  if (pem === undefined) return undefined
  try {
    return { pem, object: createPrivateKey(pem) }
  } catch {
    return undefined
  }
}
