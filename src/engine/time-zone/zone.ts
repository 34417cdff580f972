/** The time zone interface. */

/** A local time type (RFC 8536): UTC offset, abbreviation and DST flag. */
export interface LocalType {
  /** seconds east of Greenwich */
  readonly offset: number
  /** `CET`, `CEST`, `+03` */
  readonly abbreviation: string
  readonly isDaylight: boolean
}

/** Maps UTC to local time types. */
export interface TimeZone {
  /** @param seconds since 1970, in UTC */
  at(seconds: number): LocalType
}

/** A zone with a constant offset, in seconds east of Greenwich. */
export const fixedZone = (offset: number, abbreviation: string): TimeZone => {
  const type: LocalType = { offset, abbreviation, isDaylight: false }
  return { at: () => type }
}

/** Coordinated Universal Time. */
export const UTC: TimeZone = fixedZone(0, 'UTC')
