/** A time zone: what its clocks show at a moment. */

export interface LocalType {
  /** seconds east of Greenwich */
  readonly offset: number
  /** `CET`, `CEST`, `+03` */
  readonly abbreviation: string
  readonly isDaylight: boolean
}

export interface TimeZone {
  /** @param seconds since 1970, in UTC */
  at(seconds: number): LocalType
}

export const fixedZone = (offset: number, abbreviation: string): TimeZone => {
  const type: LocalType = { offset, abbreviation, isDaylight: false }
  return { at: () => type }
}

export const UTC: TimeZone = fixedZone(0, 'UTC')
