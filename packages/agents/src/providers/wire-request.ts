/** A request as a provider takes it. */
export interface WireRequest<TBody> {
  readonly body: TBody;
  /** What of the request it could not carry, as sentences for people. */
  readonly warnings: readonly string[];
}
