/** What the compiler says of errors that are narrowed: a code has its facts, and one that nobody knows is refused. */
import { type FactsOf, isOrchError, OrchError } from "@orch/core";

declare module "@orch/core" {
  interface OrchErrorFacts {
    readonly MY_QUOTA: { readonly left: number };
  }
}

declare const error: unknown;

if (isOrchError(error, "ORCH_NO_ADVANCE")) {
  const runnable: string = error.facts.runnable;
  const code: "ORCH_NO_ADVANCE" = error.code;
  // error: Property 'runable' does not exist on type 'NoAdvanceFacts'. Did you mean 'runnable'?
  console.log(error.facts.runable, runnable, code);
}

// Of several codes the facts are those of one or the other.
declare const either: "ORCH_CANCELLED" | "ORCH_FENCED";
if (isOrchError(error, either)) {
  const facts: { readonly reason: string } | { readonly runId: string } = error.facts;
  // error: Property 'reason' does not exist on type
  console.log(error.facts.reason, facts);
}

// A package's own codes, by declaration merging.
if (isOrchError(error, "MY_QUOTA")) {
  const left: number = error.facts.left;
  // error: Type 'number' is not assignable to type 'string'.
  const text: string = error.facts.left;
  console.log(left, text);
}

// error: "ORCH_NO_ADVANCED"' is not assignable to parameter of type 'keyof OrchErrorFacts'.
isOrchError(error, "ORCH_NO_ADVANCED");

// Without a code it is one of ours, and no more is known.
if (isOrchError(error)) {
  const [code, fix, facts]: [string, string, object] = [error.code, error.fix, error.facts];
  // error: Property 'runnable' does not exist on type 'object'.
  console.log(error.facts.runnable, code, fix, facts);
  if (isOrchError(error, "ORCH_JSON")) console.log(error.facts.reason);
}

class QuotaError extends OrchError<"MY_QUOTA"> {
  constructor(facts: FactsOf<"MY_QUOTA">) {
    super("MY_QUOTA", facts, { says: "No more.", fix: "Wait." });
  }
}
// error: Property 'left' is missing in type '{}' but required in type '{ readonly left: number; }'.
new QuotaError({});

// error: Property 'left' is missing in type '{ readonly right: number; }' but required in type '{ readonly left: number; }'.
export class WrongError extends OrchError<"MY_QUOTA", { readonly right: number }> {}

/** A code that is in no register has the facts that its class says. */
export class OwnError extends OrchError<"OWN", { readonly own: number }> {}
