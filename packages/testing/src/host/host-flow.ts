/** The building blocks of the flows in the host suite. */
import {
  type OrchestrationOptions,
  type Run,
  type RunContext,
  type Runnable,
  runnable,
  type Schema,
  type SharedFields,
  type SharedState,
  type SignalKind,
  sharedState,
} from "@orch/core";

/** A flow, and how it has to end. */
export interface HostFlow {
  readonly name: string;
  readonly input: unknown;
  /** Makes the orchestration; `ran` is told the path of every execution. */
  readonly make: (ran: (path: string) => void) => unknown;
  readonly ending: { readonly output: unknown } | { readonly code: string };
  /** What a host has to be able to do for it; any other host refuses it by name. */
  readonly needs?: "items";
  /** Whether it ends so only where values are kept as plain JSON. */
  readonly isForPlain?: boolean;
  /** Whether what happens to which branch depends on which of them a host takes first. Then the story of the run is compared, and not those of its states. */
  readonly isRace?: boolean;
  /** By question. */
  readonly answers?: { readonly [question: string]: unknown };
  /** Sent in this order, in each process anew: the keys say that they are the same. */
  readonly signals?: readonly SentSignal[];
  /** Whether to cancel now. */
  readonly cancel?: (run: Run<unknown>) => boolean;
  /** Paths that have to have been executed. */
  readonly executed?: readonly string[];
}

/** A signal that is sent to the run of a flow. */
export interface SentSignal {
  readonly kind: SignalKind<string, unknown>;
  readonly value: string;
  readonly key: string;
}

/** A schema that takes strings. */
export const text: Schema<string> = {
  "~standard": {
    version: 1,
    vendor: "orch",
    validate: (value) =>
      typeof value === "string" ? { value } : { issues: [{ message: "expected a text" }] },
  },
};

/** What the flows add up. */
export const tally: SharedState<SharedFields<{ words: readonly string[]; last: string }, "words">> =
  sharedState("tally", {
    words: { start: [] as readonly string[], reduce: (all, more) => [...all, ...more] },
    last: { start: "" },
  });

/** A state that adds its id to a text. */
export const adds = (id: string, ran: (path: string) => void): Runnable<string, string> =>
  runnable(id, async (input: string, ctx: RunContext) => {
    ran(ctx.path);
    return `${input}${id}`;
  });

export const flow = (
  name: string,
  input: unknown,
  ending: HostFlow["ending"],
  make: HostFlow["make"],
  rest: Partial<HostFlow> = {},
): HostFlow => ({ name, input, ending, make, ...rest });

export const limited = (options: OrchestrationOptions): OrchestrationOptions => options;
