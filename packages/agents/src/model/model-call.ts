/** One call of a model: its events passed on as they come, and its last one kept. */
import type { Clock } from "@orch/core";
import type { LinkedAbort } from "../platform/linked-abort.ts";
import type { Ends, Work, WorkEnd } from "../platform/settlement.ts";
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

/** Hears the events of a call as they come. */
export interface ModelListener {
  readonly hear: (event: ModelEvent) => void;
}

/** What a call of a model needs besides the request. */
export interface ModelCallOptions<TDone> {
  /** Cancels the call; the request has its signal. */
  readonly link: LinkedAbort;
  readonly clock: Clock;
  readonly listener: ModelListener;
  /** Told the end of the call. */
  readonly done: (finish: FinishEvent) => TDone | Promise<TDone>;
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
  options: ModelCallOptions<TDone>,
): Promise<TDone> {
  const call = new OpenCall(model, request, options);
  return options.link.wait(call, options.clock, call);
}

/** The adapters count by themselves; what else is a model may not. */
async function countedCall(finish: FinishEvent, request: ModelRequest): Promise<FinishEvent> {
  return (await import("./counted.ts")).counted(finish, request);
}

/** Lets a model and its wrappers clean up. The caller does not wait for that: the answer is complete without it. */
function leave(events: AsyncIterator<ModelEvent>): void {
  if (events.return !== undefined) void (async () => events.return?.())().catch(() => {});
}

/** A call that is read to its end, and the message as it is known before its finish. */
class OpenCall<TDone> implements Ends<FinishEvent, TDone>, Work<FinishEvent> {
  readonly #model: Model;
  readonly #request: ModelRequest;
  readonly #options: ModelCallOptions<TDone>;
  readonly #events: AsyncIterator<ModelEvent>;
  #closed = false;
  /** Most calls give one part and then their finish, so that this is all that is kept. */
  #first: ModelEvent | undefined;
  #parts: Map<number, AssistantPart> | undefined;

  constructor(model: Model, request: ModelRequest, options: ModelCallOptions<TDone>) {
    this.#model = model;
    this.#request = request;
    this.#options = options;
    this.#events = model.stream(request)[Symbol.asyncIterator]();
  }

  value(finish: FinishEvent): TDone | Promise<TDone> {
    return this.#options.done(finish);
  }

  error(error: unknown): never {
    throw error;
  }

  /** Abandons a model that did not stop when it was cancelled; its later events and errors are ignored. */
  left(): TDone | Promise<TDone> {
    this.#closed = true;
    leave(this.#events);
    return this.#options.done(this.#finish("aborted", "did not stop when it was cancelled"));
  }

  async begin(end: WorkEnd<FinishEvent>): Promise<void> {
    const events = this.#events;
    const { listener } = this.#options;
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
          listener.hear(finish);
          leave(events);
        } else {
          begun = true;
          listener.hear(step.value);
          this.#add(step.value);
        }
      }
    } catch (error) {
      if (!begun) return end.error(error);
      const { labelOf } = await import("./failure-text.ts");
      finish = this.#finish("error", `threw in the middle of its stream: ${labelOf(String(error), [])}`);
    }
    end.value(finish);
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
