/** The sections of one kind while the configuration is parsed. */

/** The sections of one kind, as far as they have been parsed. */
export class SectionDrafts<Draft extends { readonly name: string }> {
  /** in the order of the text */
  readonly all: Draft[] = []
  /** the section to which the next lines belong */
  current: Draft | undefined

  /** The first section of this name. */
  find(name: string): Draft | undefined {
    return this.all.find((each) => each.name === name)
  }

  /** Adds a section, which becomes the current one. */
  begin(section: Draft): void {
    this.all.push(section)
    this.current = section
  }
}

/**
 * Names the sections of one kind in a {@link ParseContext}: `context.drafts(MAILERS)` are the sections `mailers`, without the
 * context knowing that there are any.
 */
export class SectionKey<Draft extends { readonly name: string }> {
  constructor(
    /** the keyword of the sections */
    readonly keyword: string,
  ) {}

  /** Makes the empty list of a new configuration. */
  create(): SectionDrafts<Draft> {
    return new SectionDrafts()
  }
}
