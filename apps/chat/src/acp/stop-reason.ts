/** How a turn without an answer ended, for a client. */
import { RequestError, type StopReason } from "@agentclientprotocol/sdk";
import { isOrchError } from "@orch/core";
import { errorCode, errorSentence } from "../headless/error-sentence.ts";

const BY_AGENT: { readonly [reason: string]: StopReason } = {
  "max-turns": "max_turn_requests",
  length: "max_tokens",
  refusal: "refusal",
  aborted: "cancelled",
};

/** The reason that the protocol has for it; `undefined` for every other failure. */
export function stopReasonOf(error: unknown): StopReason | undefined {
  for (let at = error; isOrchError(at); at = at.cause) {
    if (isOrchError(at, "ORCH_TURN_CANCELLED") || isOrchError(at, "ORCH_TURN_SUSPENDED")) return "cancelled";
    if (isOrchError(at, "ORCH_AGENT_STOPPED")) return BY_AGENT[at.facts.stopReason];
  }
  return undefined;
}

/** JSON-RPC's code for what failed inside. */
const INTERNAL = -32603;

/** A failure as the answer to a request: our sentence, and the code. */
export function requestError(error: unknown, code: number = INTERNAL): RequestError {
  if (error instanceof RequestError) return error;
  return new RequestError(code, errorSentence(error), { code: errorCode(error) });
}
