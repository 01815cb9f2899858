/** One call of a wrapped model, told to the reader only from its first output on. */
import type {
  FinishEvent,
  FinishReason,
  Model,
  ModelEvent,
  ModelFailure,
  ModelRequest,
} from "../../words/model.ts";

/** How an attempt ended. */
export interface Attempt {
  /** Not yet told to the reader; absent when the model broke its contract and gave none. */
  readonly last: FinishEvent | undefined;
  /** Whether the reader has seen output of this attempt, so that another one would say things twice. */
  readonly shown: boolean;
  /** The events before the first output (`start`, `ping`), not passed on yet. */
  readonly held: readonly ModelEvent[];
}

/**
 * Calls the model and passes on what it says from the first text, reasoning, tool input or part on.
 * The beginning of a call that fails is never told, so that readers see one start.
 *
 * @param warnings Told with the attempt's own beginning.
 */
export async function* attempt(
  model: Model,
  request: ModelRequest,
  warnings: readonly string[] = [],
): AsyncGenerator<ModelEvent, Attempt, undefined> {
  let held: ModelEvent[] = [];
  let shown = false;
  let untold = warnings;
  for await (const event of model.stream(request)) {
    if (event.type === "finish") {
      return { last: untold.length > 0 ? warned(event, untold) : event, shown, held };
    }
    if (!shown && (event.type === "start" || event.type === "ping")) {
      held.push(event.type === "start" && untold.length > 0 ? warned(event, untold) : event);
      if (event.type === "start") untold = [];
      continue;
    }
    shown = true;
    yield* held;
    held = [];
    yield event;
  }
  return { last: undefined, shown, held };
}

function warned<TEvent extends { readonly warnings?: readonly string[] }>(
  event: TEvent,
  warnings: readonly string[],
): TEvent {
  return { ...event, warnings: [...warnings, ...(event.warnings ?? [])] };
}

/** The same end for another reason. */
export function endedBy(last: FinishEvent, reason: FinishReason, error: ModelFailure): FinishEvent {
  return { ...last, message: { ...last.message, finish: { ...last.message.finish, reason, error } } };
}

/** Appends a sentence to the message of a failure. */
export function saying(failure: ModelFailure, sentence: string): ModelFailure {
  const said = /[.!?]$/.test(failure.message) ? failure.message : `${failure.message}.`;
  return { ...failure, message: `${said} ${sentence}` };
}
