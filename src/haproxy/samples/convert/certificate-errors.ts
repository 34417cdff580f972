/** The converter `x509_v_err_str`: names of the results of verifying a certificate (`sample_conv_x509_v_err`, src/ssl_sample.c). */
import { VERIFY_RESULTS } from '../../../config/known/verify-errors.js'
import type { Converter } from '../keyword.js'
import { str, type IntegerSample } from '../sample.js'

export const CERTIFICATE_ERROR_CONVERTERS: readonly Converter[] = [
  {
    name: 'x509_v_err_str',
    bind: () => (sample) => {
      const { value } = sample as IntegerSample
      const name = VERIFY_RESULTS[Number(BigInt.asIntN(32, value))] ?? '-'
      return str(name === '-' ? String(BigInt.asUintN(64, value)) : `X509_V_${name}`)
    },
  },
]
