import { COUNT, checkNumbers } from "../errors/number-range.ts";
import { OptionError } from "../errors/option-error.ts";
import { sendSignal } from "../run/send-signal.ts";
import type { Schema } from "../words/schema.ts";
import { SENDER, type SignalKind } from "../words/signal.ts";

/** How many signals of a kind a run keeps that no state has taken. */
const LIMIT = 1_000;

/**
 * Declares a kind of signal: a typed message that is sent to a run, and that a state takes which waits for it
 * (`until`). A signal that comes before a state waits is kept.
 *
 * @param name unique in an orchestration, because it names the kind in journals, events and commands.
 * @throws OptionError when the name or the limit means nothing.
 *
 * @example
 * ```ts
 * const paid = signal("paid", z.object({ sum: z.number() }));
 * const payment = until("payment", { signal: paid, timeout: 3 * 24 * 3_600_000 });
 * await run.signal(paid, { sum: 120 }, { key: transfer.id });
 * ```
 */
export function signal<TValue, TInput = TValue>(
  name: string,
  schema: Schema<TValue, TInput>,
  { limit = LIMIT }: { readonly limit?: number } = {},
): SignalKind<TValue, TInput> {
  if (typeof name !== "string" || name === "") throw new OptionError("name", name, "a name");
  if (typeof (schema as Partial<Schema> | undefined)?.["~standard"]?.validate !== "function") {
    throw new OptionError("schema", schema, "a schema of the signal's value, like z.boolean()");
  }
  checkNumbers(COUNT, { limit });
  return Object.freeze({ name, schema, limit, [SENDER]: sendSignal });
}
