/** Types of samples and which of them become which (`sample_casts`, src/sample.c). */
export type SampleType = 'any' | 'same' | 'bool' | 'sint' | 'addr' | 'ipv4' | 'ipv6' | 'str' | 'bin' | 'meth'

type Casts = Readonly<Partial<Record<SampleType, 'free' | 'converting'>>>

const free = 'free'
const converting = 'converting'
const TO_ANYTHING: Casts = {
  any: free,
  bool: converting,
  sint: converting,
  addr: converting,
  ipv4: converting,
  ipv6: converting,
  str: converting,
  bin: converting,
  meth: converting,
}

const CASTS: Readonly<Record<SampleType, Casts>> = {
  any: TO_ANYTHING,
  same: {},
  bool: { any: free, bool: free, sint: free, str: converting, bin: converting },
  sint: {
    any: free,
    bool: free,
    sint: free,
    addr: converting,
    ipv4: converting,
    ipv6: converting,
    str: converting,
    bin: converting,
  },
  addr: { any: free, addr: converting, ipv4: converting, ipv6: converting, str: converting, bin: converting },
  ipv4: { any: free, sint: converting, addr: free, ipv4: free, ipv6: converting, str: converting, bin: converting },
  ipv6: { any: free, addr: free, ipv4: converting, ipv6: free, str: converting, bin: converting },
  str: {
    any: free,
    bool: converting,
    sint: converting,
    addr: converting,
    ipv4: converting,
    ipv6: converting,
    str: free,
    bin: free,
    meth: converting,
  },
  bin: { any: free, str: converting, bin: free, meth: converting },
  meth: { any: free, str: converting, bin: converting, meth: free },
}

/** Whether samples of a type can become samples of another. */
export const isCastable = (from: SampleType, to: SampleType): boolean => CASTS[from][to] !== undefined

/** Whether a cast leaves the sample as it is, its type included. */
export const isFreeCast = (from: SampleType, to: SampleType): boolean => CASTS[from][to] === 'free'
