/** The public keys that the converter `jwt_verify` uses, which are read before the process starts (`jwt_tree_load_cert`, src/jwt.c). */
import type { KeyFile } from '../../config/model/key-file.js'
import { toByteText } from '../../hash/byte-arrays.js'
import { readPublicKey, type PublicKey } from '../../hash/public-key.js'
import type { Files } from '../files.js'

/** The keys by the names of their files. Files that cannot be read or contain no public key are skipped silently, as in HAProxy. */
export const readKeyFiles = (files: readonly KeyFile[], disk: Pick<Files, 'read'>): ReadonlyMap<string, PublicKey> => {
  const keys = new Map<string, PublicKey>()
  for (const { name, path } of files) {
    if (keys.has(name)) continue
    const content = disk.read(path)
    const key = typeof content === 'string' ? undefined : readPublicKey(toByteText(content))
    if (key) keys.set(name, key)
  }
  return keys
}
