/** Failures as they may leave the process. */
import type { EventError } from "@orch/core";
import { errorData } from "@orch/core/doors";
import type { PublicError } from "../words/public-event.ts";
import { publicSentence } from "./public-sentence.ts";

/**
 * Whether the words of errors that are not Orch's are told. `hidden`: only that something failed, because nobody knows what
 * a library writes into its messages. `shown`: what they say, without what looks like a secret or a path.
 */
export type ForeignErrors = "hidden" | "shown";

/** Errors around what was thrown: their words are its words. */
const WRAPS: readonly string[] = ["ORCH_RUNNABLE_FAILED", "ORCH_TURN_FAILED"];

/** Makes what a client may read of a failure. `what` names what failed, like `The state "search"`. */
export function publicError(error: EventError, what: string, foreign: ForeignErrors): PublicError {
  const own = ownError(error);
  const { code = "ORCH_RUNNABLE_FAILED" } = error;
  if (own?.code !== undefined && !WRAPS.includes(own.code))
    return { code: own.code, message: publicSentence(own.message) };
  if (foreign === "shown") return { code, message: publicSentence(own?.message ?? error.message) };
  return { code, message: `${what} failed.` };
}

/** A failure that was thrown in this process, for the caller whose request it was. */
export function thrownError(thrown: unknown): PublicError & { readonly fix?: string } {
  const { code = "ORCH_SERVER_FAILED", message, fix } = errorData(thrown);
  return { code, message: publicSentence(message), ...(fix !== undefined && { fix: publicSentence(fix) }) };
}

/** The innermost error that led to it and is one of Orch's; the failure of a runnable or a turn leads to what it threw. */
function ownError(error: EventError): EventError | undefined {
  if (error.code?.startsWith("ORCH_") !== true) return undefined;
  if (!WRAPS.includes(error.code)) return error;
  return error.cause === undefined ? error : (ownError(error.cause) ?? error.cause);
}
