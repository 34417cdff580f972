/** `capture`: a value in a slot that logs show (`http_action_req_capture`, `http_action_res_capture_by_id`, src/http_act.c). */
import type { CaptureAction } from '../../../config/rules/actions/capture.js'
import { evaluateAs } from '../../samples/expression.js'
import { bytesOf } from '../../samples/sample.js'
import type { ActionGroup } from './group.js'

export const CAPTURE_ACTIONS: ActionGroup = {
  capture: (action, { samples, isResponse }) => {
    const { expression, slot } = action as CaptureAction
    const sample = evaluateAs(expression, 'str', samples)
    if (sample) samples.stream!.capture(isResponse ? 'response' : 'request', slot, bytesOf(sample))
    return 'continue'
  },
}
