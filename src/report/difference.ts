/** The difference between two outcomes: lines that only one of them has, by subject. */

type Lines = Readonly<Record<string, readonly string[]>>

/** Prefixes of lines that only the baseline has, and that only the other outcome has. */
export const MISSING = 'missing: '
export const ONLY_HERE = 'only here: '

/** Lists the lines that only one outcome has below their subject. */
export const outcomeDifference = (baseline: Lines, other: Lines): string[] => {
  const subjects = [...new Set([...Object.keys(baseline), ...Object.keys(other)])].sort()
  return subjects.flatMap((subject) => {
    const lines = differingLines(baseline[subject] ?? [], other[subject] ?? [])
    return lines.length === 0 ? [] : [`${subject}:`, ...lines.map((line) => `  ${line}`)]
  })
}

/** Uses the longest common subsequence. */
const differingLines = (a: readonly string[], b: readonly string[]): string[] => {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i]![j] = a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
  const lines: string[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++
      j++
    } else if (j >= b.length || (i < a.length && lengths[i + 1]![j]! >= lengths[i]![j + 1]!))
      lines.push(MISSING + a[i++])
    else lines.push(ONLY_HERE + b[j++])
  }
  return lines
}
