/** Printing of floating-point numbers as the C library does it. */

/**
 * `printf("%g")`: six significant digits without trailing zeros, in scientific notation where the exponent is less than -4 or at least 6. Halves are
 * rounded to even.
 */
export const formatG = (value: number): string => {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [mantissa, exponentText] = roundedToSix(value).split('e') as [string, string]
  const exponent = Number(exponentText)
  const trimmed = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)
  if (exponent < -4 || exponent >= 6)
    return `${trimmed(mantissa)}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  return trimmed(Number(`${mantissa}e${exponent}`).toFixed(5 - exponent))
}

/** Scientific notation with six digits; JavaScript rounds halves up, C to even. */
const roundedToSix = (value: number): string => {
  const rounded = value.toExponential(5)
  const exact = exactDecimal(value)
  // more than six digits, of which the seventh is a 5 and the last
  if (exact.length !== 7 || !exact.endsWith('5') || Number(exact[5]) % 2 === 1) return rounded
  const exponent = Number(value.toExponential(6).split('e')[1])
  const digits = exact.slice(0, 6)
  return `${value < 0 ? '-' : ''}${digits[0]}.${digits.slice(1)}e${exponent}`
}

/** The digits of the exact value of a double, without the point and without zeros at both ends, as far as they matter to six digits. */
const exactDecimal = (value: number): string => {
  const [mantissa] = Math.abs(value).toExponential(60).split('e') as [string]
  return mantissa.replace('.', '').replace(/0+$/, '')
}
