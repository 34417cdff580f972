/** `default-path`: the base directory of relative file names (cfg_apply_default_path in src/cfgparse.c). */

const MODES = ['current', 'config', 'parent', 'origin'] as const
type Mode = (typeof MODES)[number]

/** The current base directory. */
export class DefaultPath {
  #mode: Mode = 'current'
  #origin = ''
  /** relative to the working directory of the process; '' is the working directory itself */
  directory = ''

  /**
   * @param directoryError why a directory cannot be used; undefined if it can
   * @param workingDirectory the absolute path of the working directory, if known
   */
  constructor(
    readonly directoryError: (path: string) => string | undefined,
    readonly workingDirectory: string | undefined,
  ) {}

  /** Parses the arguments of the keyword in `file`; returns an error message if they are invalid. */
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

  /** Sets the directory for `file`. If it does not exist, returns the error and falls back to the working directory. */
  enter(file: string): string | undefined {
    const slash = file.lastIndexOf('/')
    const parent = slash < 0 ? '' : file.slice(0, slash)
    if (this.#mode === 'origin') this.directory = this.#origin
    else if (this.#mode === 'config') this.directory = parent
    else if (this.#mode === 'parent') this.directory = parent === '' ? '..' : `${parent}/..`
    else this.directory = ''
    const problem = this.directory === '' ? undefined : this.directoryError(this.directory)
    if (problem !== undefined) this.directory = ''
    return problem
  }

  /** Resolves a file name. */
  locate(path: string): string {
    return this.directory === '' || path.startsWith('/') ? path : `${this.directory}/${path}`
  }

  /** The name of a file after that of the current directory (getcwd), as some messages show it; as it is if that is not known. */
  absolute(path: string): string {
    const { directory, workingDirectory } = this
    if (path.startsWith('/')) return path
    if (directory.startsWith('/')) return `${withoutDots(directory)}/${path}`
    return workingDirectory === undefined ? path : `${withoutDots(`${workingDirectory}/${directory}`)}/${path}`
  }
}

/** An absolute path without `.` and `..`. */
const withoutDots = (path: string): string => {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts.map((part) => `/${part}`).join('')
}
