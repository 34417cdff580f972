/** Header fields about the client that requests to servers get, in the model of a configuration (include/haproxy/http_ext-t.h). */
import type { SampleExpression } from '../samples/expression.js'
import type { Subnet } from '../patterns/network.js'
import type { Place } from '../syntax/place.js'

/** `option originalto`: the address that the client connected to. */
export interface OriginalToConfig {
  /** name of the header field (default: `X-Original-To`) */
  readonly header: string
  /** destinations for which it is not added */
  readonly except: Subnet | undefined
}

/** `option forwardfor`: the address of the client. */
export interface ForwardForConfig {
  /** name of the header field (default: `X-Forwarded-For`) */
  readonly header: string
  /** clients for which it is not added */
  readonly except: Subnet | undefined
  /** `if-none`: it is not added to requests that have it already */
  readonly ifNone: boolean
}

/** A value of `Forwarded`: that of the connection or request, or the result of an expression. */
export type ForwardedValue = 'original' | ForwardedExpression

export interface ForwardedExpression {
  readonly text: string
  /** undefined: it is invalid, and so is the configuration */
  readonly expression?: SampleExpression | undefined
}

/** `for` and `by`. */
export interface ForwardedNode {
  readonly name: ForwardedValue
  readonly port: ForwardedValue | undefined
}

/** `option forwarded`: the parameters of the header field `Forwarded` of RFC 7239; undefined: absent. */
export interface ForwardedConfig {
  readonly proto: boolean
  readonly host: ForwardedValue | undefined
  readonly by: ForwardedNode | undefined
  readonly for: ForwardedNode | undefined
  readonly place: Place
}
