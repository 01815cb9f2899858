/** The endings of a stream that was stopped, or that the provider closed too early. */
import type { ModelFailure } from "../words/model.ts";
import { abortedFailure } from "./aborted-failure.ts";
import { hintOf } from "./failure-kind.ts";
import type { Ending } from "./message-draft.ts";

/** Why a call was stopped from outside of its stream. */
export type StreamStop = { readonly stopped: "aborted" | "silent" | "speechless" | "total" };

/** Tells a stop from what the stream itself gave. */
export function isStop(value: unknown): value is StreamStop {
  return typeof value === "object" && value !== null && "stopped" in value;
}

const WHAT_HAPPENED: {
  readonly [K in Exclude<StreamStop["stopped"], "aborted">]: (
    limit: number,
    total: number,
    alive: boolean,
  ) => string;
} = {
  silent: (limit, _total, alive) =>
    `${alive ? "went silent" : "did not begin to answer"} for ${limit / 1000} s.`,
  speechless: () => "kept the connection alive for ten minutes without saying anything.",
  total: (_limit, total) => `did not finish within ${total / 1000} s.`,
};

/** The ending of a stopped call. Times are in milliseconds; `alive` tells whether any bytes came. */
export function stopEnding(
  { stopped }: StreamStop,
  provider: string,
  limit: number,
  total: number | undefined,
  alive: boolean,
): Ending {
  if (stopped === "aborted") return { reason: "aborted", error: abortedFailure(provider) };
  const message = `${provider} ${WHAT_HAPPENED[stopped](limit, total ?? 0, alive)}`;
  return { reason: "error", error: { kind: "timeout", message, retryable: true, ...hint("timeout") } };
}

/** The ending of a message that is kept as far as it came. */
export function interrupted(error: ModelFailure): Ending {
  return { reason: "interrupted", error };
}

/** A connection that broke under an answer. */
export function cut(failure: ModelFailure): ModelFailure {
  return { ...failure, kind: "cut", ...hint("cut") };
}

/** The failure of a provider whose stream ended without an end marker. */
export function closedEarly(provider: string): ModelFailure {
  return {
    kind: "cut",
    message: `${provider} closed the stream before the end of its answer.`,
    retryable: true,
    ...hint("cut"),
  };
}

function hint(kind: ModelFailure["kind"]): Pick<ModelFailure, "hint"> {
  const way = hintOf(kind);
  return way === undefined ? {} : { hint: way };
}
