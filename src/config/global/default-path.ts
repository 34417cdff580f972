/** `default-path`: the folder in which files are that a configuration names without one (cfg_apply_default_path in src/cfgparse.c). */

const MODES = ['current', 'config', 'parent', 'origin'] as const
type Mode = (typeof MODES)[number]

export class DefaultPath {
  #mode: Mode = 'current'
  #origin = ''
  /** relative to where the process was started; '' is there */
  directory = ''

  /** @param directoryError why a folder cannot be had; undefined where it can */
  constructor(readonly directoryError: (path: string) => string | undefined) {}

  /** Reads the words after the keyword, in `file`. Returns what is wrong with them. */
  set(file: string, [mode = '', origin = '']: readonly string[]): string | undefined {
    if (!MODES.some((each) => each === mode))
      return (
        `${mode === '' ? 'missing' : 'unsupported'} default-path mode '${mode}' for 'default-path', ` +
        "supported modes include 'current', 'config', 'parent', and 'origin'."
      )
    if (mode === 'origin' && origin === '') return "'default-path origin' expects a directory as an argument."
    this.#mode = mode as Mode
    this.#origin = origin
    const problem = this.enter(file)
    if (problem === undefined) return undefined
    return mode === 'origin'
      ? `couldn't set 'default-path' to origin '${origin}': ${problem}.`
      : `couldn't set 'default-path' to '${mode}': ${problem}.`
  }

  /** The lines of `file` follow. A folder that cannot be had is told, and files lie where the process was started. */
  enter(file: string): string | undefined {
    const slash = file.lastIndexOf('/')
    const own = slash < 0 ? '' : file.slice(0, slash)
    if (this.#mode === 'origin') this.directory = this.#origin
    else if (this.#mode === 'config') this.directory = own
    else if (this.#mode === 'parent') this.directory = own === '' ? '..' : `${own}/..`
    else this.directory = ''
    const problem = this.directory === '' ? undefined : this.directoryError(this.directory)
    if (problem !== undefined) this.directory = ''
    return problem
  }

  /** Where a file is that a line names. */
  locate(path: string): string {
    return this.directory === '' || path.startsWith('/') ? path : `${this.directory}/${path}`
  }
}
