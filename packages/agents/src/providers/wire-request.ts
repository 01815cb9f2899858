/** A request as a provider takes it. */
export interface WireRequest<TBody> {
  readonly body: TBody;
  /** Warnings about the parts of the request that it cannot express, as sentences for people. */
  readonly warnings: readonly string[];
}
