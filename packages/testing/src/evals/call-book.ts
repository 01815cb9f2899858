/** The recorded answers of models, given again: by the request where it is known, else by the place it was made from. */
import type { Model, ModelEvent, ModelRequest } from "@orch/agents";
import { differences, recordable } from "@orch/agents/wrappers";
import { EvalMissError } from "../errors/eval-miss-error.ts";
import type { EvalCall, EvalModel } from "./eval-case.ts";
import { canonicalText } from "./plain-value.ts";

/** How a recorded answer is found. `request`: the same request. `place`: else the next answer that was given in the same state. */
export type EvalMatch = "request" | "place";

/** A model call that the recording has no answer for, or another request than was recorded. */
export interface EvalChange {
  /** The path of the state whose agent asked; empty outside of a state. */
  readonly state: string;
  /** The name of the model, as the target calls it. */
  readonly model: string;
  /** Where the request differs from the recorded one, at most five places. */
  readonly differences: readonly string[];
}

const MOST = 5;
const FAR = 1_000;

/** Answers from a recording; remembers which calls it gave, which had changed and which it did not have. */
export class CallBook {
  readonly changed: EvalChange[] = [];
  readonly missing: EvalChange[] = [];
  readonly #left: Set<EvalCall>;
  readonly #match: EvalMatch;

  constructor(calls: readonly EvalCall[], match: EvalMatch) {
    this.#left = new Set(calls);
    this.#match = match;
  }

  /** The recorded answers that nobody asked for. */
  get unused(): readonly EvalCall[] {
    return [...this.#left];
  }

  /** A model that answers from this book, in each state what was answered there. */
  model(name: string, { id, caps }: EvalModel): Model {
    const at = (state: string): Model => ({
      id,
      caps,
      stream: (request) => this.#answer(request, state, name),
    });
    return { ...at(""), inState: at };
  }

  async *#answer(request: ModelRequest, state: string, model: string): AsyncGenerator<ModelEvent> {
    const call = this.#find(request, state, model);
    const { message, usage } = call;
    yield { type: "start", model: message.origin.model };
    for (const [index, part] of message.content.entries()) {
      if (part.type === "text") yield { type: "text", index, delta: part.text };
      yield { type: "part", index, part };
    }
    yield { type: "finish", message, usage };
  }

  #find(request: ModelRequest, state: string, model: string): EvalCall {
    const asked = recordable(request);
    const key = canonicalText(asked);
    const fits = (call: EvalCall): boolean =>
      call.request !== undefined && canonicalText(call.request) === key;
    const here = [...this.#left].filter((call) => call.state === state);
    const same = here.find(fits) ?? [...this.#left].find(fits);
    if (same !== undefined) return this.#take(same);
    const nearest = nearestTo(asked, here.length > 0 ? here : [...this.#left]);
    const [next] = here;
    if (this.#match === "place" && next !== undefined) {
      const before = next.request;
      // A journal keeps answers, and not what was asked: nothing is known to differ.
      if (before !== undefined)
        this.changed.push({ state, model, differences: differences(before, asked, MOST) });
      return this.#take(next);
    }
    const change = { state, model, differences: nearest };
    this.missing.push(change);
    throw new EvalMissError({ ...change, left: this.#left.size });
  }

  #take(call: EvalCall): EvalCall {
    this.#left.delete(call);
    return call;
  }
}

function nearestTo(asked: ReturnType<typeof recordable>, calls: readonly EvalCall[]): readonly string[] {
  const known = calls.flatMap(({ request }) => (request === undefined ? [] : [request]));
  const far = known.map((request) => differences(request, asked, FAR).length);
  const nearest = known[far.indexOf(Math.min(...far))];
  return nearest === undefined ? [] : differences(nearest, asked, MOST);
}
