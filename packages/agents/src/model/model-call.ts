/** One call of a model: its events passed on as they come, and its last one kept. */
import type { Clock } from "@orch/core";
import { Settlement } from "../platform/settlement.ts";
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

/** The adapters count by themselves; what else is a model may not. */
async function countedCall(finish: FinishEvent, request: ModelRequest): Promise<FinishEvent> {
  return (await import("./counted.ts")).counted(finish, request);
}

/** Lets a model and its wrappers clean up. The caller does not wait for that: the answer is complete without it. */
function leave(events: AsyncIterator<ModelEvent>): void {
  if (events.return !== undefined) void (async () => events.return?.())().catch(() => {});
}

/**
 * A call that is read to its end, and the message as it is known before its finish. `wait` gives what `done` makes of its
 * `finish`, also for a model that breaks its contract: one that throws in mid-stream, ends without a finish, or does not
 * stop within a second of being told to. What it sent until then is kept in the message. It rejects with what the model
 * throws before its first event, which is a programming mistake by contract.
 */
export abstract class ModelCall<TDone> extends Settlement<FinishEvent, TDone> {
  readonly #model: Model;
  readonly #request: ModelRequest;
  readonly #events: AsyncIterator<ModelEvent>;
  #closed = false;
  /** Most calls give one part and then their finish, so that this is all that is kept. */
  #first: ModelEvent | undefined;
  #parts: Map<number, AssistantPart> | undefined;

  /** Asks the model. The request has the signal of what the call waits below. */
  constructor(model: Model, request: ModelRequest, clock: Clock) {
    super(clock);
    this.#model = model;
    this.#request = request;
    this.#events = model.stream(request)[Symbol.asyncIterator]();
  }

  /** Told each event as it comes. */
  abstract told(event: ModelEvent): void;

  /** Told the end of the call. */
  abstract done(finish: FinishEvent): TDone | Promise<TDone>;

  onValue(finish: FinishEvent): TDone | Promise<TDone> {
    return this.done(finish);
  }

  onError(error: unknown): never {
    throw error;
  }

  /** Abandons a model that did not stop when it was cancelled; its later events and errors are ignored. */
  onLeft(): TDone | Promise<TDone> {
    this.#closed = true;
    leave(this.#events);
    return this.done(this.#finish("aborted", "did not stop when it was cancelled"));
  }

  async begin(): Promise<void> {
    const events = this.#events;
    let begun = false;
    let finish: FinishEvent | undefined;
    try {
      while (finish === undefined) {
        const step = await events.next();
        if (step.done) finish = this.#finish("interrupted", "ended its stream without a finish event");
        else if (this.#closed) finish = this.#finish("aborted", "was cancelled");
        else if (step.value.type === "finish") {
          begun = true;
          finish = step.value.usage.estimated ? await countedCall(step.value, this.#request) : step.value;
          this.told(finish);
          leave(events);
        } else {
          begun = true;
          this.told(step.value);
          this.#add(step.value);
        }
      }
    } catch (error) {
      if (!begun) return this.error(error);
      const { labelOf } = await import("./failure-text.ts");
      finish = this.#finish("error", `threw in the middle of its stream: ${labelOf(String(error), [])}`);
    }
    this.value(finish);
  }

  #add(event: ModelEvent): void {
    if (this.#first === undefined) this.#first = event;
    else addTo(this.#known(), event);
  }

  #known(): Map<number, AssistantPart> {
    if (this.#parts !== undefined) return this.#parts;
    this.#parts = new Map();
    if (this.#first !== undefined) addTo(this.#parts, this.#first);
    return this.#parts;
  }

  #finish(reason: FinishReason, what: string): FinishEvent {
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
