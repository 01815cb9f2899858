/** What all providers' factories take. */
import type { Clock } from "@orch/core";
import { ABOVE, checkNumbers, SPENT } from "@orch/core/doors";
import type { Timeouts } from "../model/model-stream.ts";
import type { ModelCaps, Price } from "../words/model.ts";

/** Options that every provider has in common. Nothing is read from the environment. */
export interface ProviderOptions {
  /** The provider's name of the model. */
  readonly model: string;
  /** Sent with every request. */
  readonly headers?: { readonly [name: string]: string };
  /** The network. Default: the platform's `fetch`, behind the proxy that the environment names. */
  readonly fetch?: typeof globalThis.fetch;
  readonly clock?: Clock;
  readonly timeouts?: Timeouts;
  /** Corrects what this package assumes about the model. */
  readonly caps?: Partial<ModelCaps>;
  /** What the model costs; without it a cost is unknown. */
  readonly price?: Price;
}

/** The SDKs' own limit on the time to headers, in milliseconds: as long as a timer can be, since the limits are ours. */
export const SDK_TIMEOUT: number = 2 ** 31 - 1;

/**
 * The capabilities of a model: what we assume, as corrected by its options.
 *
 * @throws OptionError (`ORCH_OPTION`) for a price or a timeout that is out of its range.
 */
export function capsOf(
  assumed: ModelCaps,
  options: Pick<ProviderOptions, "caps" | "price" | "timeouts">,
): ModelCaps {
  checkNumbers(SPENT, { ...options.price });
  checkNumbers(ABOVE, { ...options.timeouts });
  return { ...assumed, ...options.caps, ...(options.price !== undefined && { price: options.price }) };
}

/** A shorter value of a header names something; a longer one may be a secret. */
const LEAST_SECRET = 8;

/** What failures must not repeat: the key, and what headers hold, whole and in its pieces. */
export function secretsOf(
  apiKey: string | undefined,
  ...headers: readonly (ProviderOptions["headers"] | undefined)[]
): readonly string[] {
  const values = headers.flatMap((one) => Object.values(one ?? {}));
  const pieces = values.flatMap((value) => [value, ...value.split(/[\s;,=]+/)]);
  const hidden = pieces.filter((piece) => piece.length >= LEAST_SECRET);
  return apiKey === undefined ? hidden : [apiKey, ...hidden];
}
