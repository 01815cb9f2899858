/** The service that performs attempts for runs that are driven elsewhere. */
import type { Json } from "@orch/core";
import { errorData } from "@orch/core/doors";
import { type AttemptHelp, type Operation, type Outcome, performOperation } from "@orch/core/host";
import type { Context } from "@restatedev/restate-sdk";
import type { KeptOrder } from "../words/run-order.ts";
import type { Definitions } from "./definitions.ts";
import { fitted } from "./fitted-outcome.ts";
import type { OnceNotes } from "./once-notes.ts";
import type { Sdk } from "./sdk.ts";

/** An attempt, and the definition that it belongs to. */
export interface StepOrder extends Pick<KeptOrder, "orchestration" | "version" | "hash"> {
  readonly operation: Operation;
}

/** What became of it. `absent`: this worker has no such definition. */
export type Stepped = { readonly kind: "performed"; readonly outcome: Outcome } | { readonly kind: "absent" };

/** Performs an attempt. */
export async function performStep(
  ctx: Context,
  order: StepOrder,
  { sdk, definitions, maxPayload, notes }: StepParts,
): Promise<Stepped> {
  const flow = definitions.find(order);
  if (flow === undefined) return { kind: "absent" };
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  let isAgain = true;
  const perform = (operation: Operation, help?: AttemptHelp): Outcome | Promise<Outcome> =>
    performOperation(flow, operation, { ...help, signal: controller.signal });
  try {
    if (notes !== undefined)
      await ctx.run("begins", () => {
        isAgain = false;
      });
    const outcome = await ctx.run("attempt", async () => {
      const performed = await (notes === undefined
        ? perform(order.operation)
        : notes.perform(order.operation, isAgain, perform));
      resolve(performed);
      return fitted(performed, order.operation, maxPayload);
    });
    return { kind: "performed", outcome };
  } catch (error) {
    if (!(error instanceof sdk.CancelledError)) throw error;
    // The run does not want it any more, and waits for its end no longer than its grace time.
    controller.abort(error);
    return { kind: "performed", outcome: fitted(await promise, order.operation, maxPayload) };
  }
}

/** What the step service stands on. */
export interface StepParts {
  readonly sdk: Sdk;
  readonly definitions: Definitions;
  readonly notes: OnceNotes | undefined;
  /** The largest outcome, in bytes. */
  readonly maxPayload: number;
}

/** The outcome of an attempt that never began, or that the engine gave up. */
export function failedOutcome(error: unknown): Outcome {
  return { kind: "failed", error: errorData(error) as unknown as Json };
}
