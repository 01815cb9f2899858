/** One call of a model: its events passed on as they come, and its last one kept. */
import type { Clock } from "@orch/core";
import type { LinkedAbort } from "../platform/linked-abort.ts";
import type { AssistantMessage, AssistantPart } from "../words/message.ts";
import {
  type FinishEvent,
  type FinishReason,
  type Model,
  type ModelEvent,
  type ModelFailure,
  type ModelRequest,
  modelName,
} from "../words/model.ts";
import { NO_USAGE } from "./usage.ts";

/** What a call of a model needs besides the request. */
export interface ModelCallOptions {
  /** Cancels the call; the request has its signal. */
  readonly link: LinkedAbort;
  readonly clock: Clock;
  readonly onEvent: (event: ModelEvent) => void;
}

/**
 * Calls a model and gives what `done` makes of its `finish`, also for a model that breaks its contract: one that throws
 * in mid-stream, ends without a finish, or does not stop within a second of being told to. What it
 * sent until then is kept in the message.
 *
 * @throws what the model throws before its first event, which is a programming mistake by contract.
 */
export function callModel<TDone>(
  model: Model,
  request: ModelRequest,
  { link, clock, onEvent }: ModelCallOptions,
  done: (finish: FinishEvent) => TDone | Promise<TDone>,
): Promise<TDone> {
  const draft = new Draft(model, request);
  const events = model.stream(request)[Symbol.asyncIterator]();
  return link.wait(read(events, draft, onEvent), clock, {
    value: done,
    error: (error) => {
      throw error;
    },
    left: () => done(abandon(events, draft)),
  });
}

/** The adapters count by themselves; what else is a model may not. */
async function countedCall(finish: FinishEvent, request: ModelRequest): Promise<FinishEvent> {
  return (await import("./counted.ts")).counted(finish, request);
}

async function read(
  events: AsyncIterator<ModelEvent>,
  draft: Draft,
  onEvent: (event: ModelEvent) => void,
): Promise<FinishEvent> {
  let begun = false;
  try {
    for (;;) {
      const step = await events.next();
      if (step.done) return draft.finish("interrupted", "ended its stream without a finish event");
      if (draft.closed) return draft.finish("aborted", "was cancelled");
      begun = true;
      if (step.value.type === "finish") {
        const finish = step.value.usage.estimated ? await countedCall(step.value, draft.request) : step.value;
        onEvent(finish);
        leave(events);
        return finish;
      }
      onEvent(step.value);
      draft.add(step.value);
    }
  } catch (error) {
    if (!begun) throw error;
    const { labelOf } = await import("./failure-text.ts");
    return draft.finish("error", `threw in the middle of its stream: ${labelOf(String(error), [])}`);
  }
}

/** Abandons a model that did not stop when it was cancelled; its later events and errors are ignored. */
function abandon(events: AsyncIterator<ModelEvent>, draft: Draft): FinishEvent {
  draft.closed = true;
  leave(events);
  return draft.finish("aborted", "did not stop when it was cancelled");
}

/** Lets a model and its wrappers clean up. The caller does not wait for that: the answer is complete without it. */
function leave(events: AsyncIterator<ModelEvent>): void {
  if (events.return !== undefined) void (async () => events.return?.())().catch(() => {});
}

/** The message as it is known before its finish. */
class Draft {
  closed = false;
  readonly #model: Model;
  readonly request: ModelRequest;
  /** Most calls give one part and then their finish, so that this is all that is kept. */
  #first: ModelEvent | undefined;
  #parts: Map<number, AssistantPart> | undefined;

  constructor(model: Model, request: ModelRequest) {
    this.#model = model;
    this.request = request;
  }

  add(event: ModelEvent): void {
    if (this.#first === undefined) this.#first = event;
    else addTo(this.#known(), event);
  }

  #known(): Map<number, AssistantPart> {
    if (this.#parts !== undefined) return this.#parts;
    this.#parts = new Map();
    if (this.#first !== undefined) addTo(this.#parts, this.#first);
    return this.#parts;
  }

  finish(reason: FinishReason, what: string): FinishEvent {
    const kind: ModelFailure["kind"] = reason === "aborted" ? "aborted" : "protocol";
    const error: ModelFailure = {
      kind,
      message: `The model ${modelName(this.#model.id)} ${what}.`,
      retryable: false,
    };
    const content = [...this.#known()].sort(([a], [b]) => a - b).map(([, part]) => part);
    const message: AssistantMessage = {
      role: "assistant",
      content,
      origin: this.#model.id,
      finish: { reason, error },
    };
    return { type: "finish", message, usage: { ...NO_USAGE, estimated: true } };
  }
}

function addTo(parts: Map<number, AssistantPart>, event: ModelEvent): void {
  if (event.type === "part") parts.set(event.index, event.part);
  if (event.type !== "text" && event.type !== "reasoning") return;
  const before = parts.get(event.index);
  const text = before !== undefined && "text" in before ? before.text : "";
  parts.set(event.index, { type: event.type, text: text + event.delta });
}
