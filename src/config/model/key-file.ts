/** The file of a public key, which `jwt_verify` names. */
export interface KeyFile {
  readonly name: string
  /** the name with the directory of `default-path` */
  readonly path: string
}
