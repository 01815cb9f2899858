import type { Json } from "@orch/core";
import type { PublicEvent, PublicTextDelta } from "../words/public-event.ts";
import { outputText } from "./output-text.ts";
import type { OpenPublicQuestion, ReplyEnd, ReplyPiece, ReplyStatus } from "./reply-piece.ts";
import { UsageSum } from "./usage-sum.ts";

type Told = Generator<ReplyPiece | ReplyEnd, void, undefined>;
type EventOf<TType extends PublicEvent["type"]> = Extract<PublicEvent, { readonly type: TType }>;

/**
 * Reads the events of a run or a turn from the first one on, and makes pieces of those after the answer with the number
 * `from`, until the run asks again or ends. Of what was before no pieces are given, but what it told is known.
 */
export class ReplyReader {
  readonly #from: number;
  readonly #questions = new Map<string, OpenPublicQuestion>();
  /** What states told in pieces, and what they gave, by their paths. */
  readonly #told = new Map<string, string>();
  readonly #outputs = new Map<string, Json | undefined>();
  /** What was told as the answer, by its path. */
  readonly #answer = new Map<string, string>();
  readonly #usage = new UsageSum();
  #isBefore: boolean;
  #isTurn = false;

  constructor(from: number) {
    this.#from = from;
    this.#isBefore = from > 0;
  }

  /** The pieces of one event. After an end nothing has to be read. */
  *take(event: PublicEvent): Told {
    if (event.number > this.#from) this.#begin();
    for (const piece of this.#pieces(event)) {
      if (!this.#isBefore || (piece.type === "end" && piece.status !== "asked")) yield piece;
    }
    // Live events after the answer have its number.
    if (event.number === this.#from && event.type === "question.answered") this.#begin();
  }

  #begin(): void {
    if (this.#isBefore) this.#usage.clear();
    this.#isBefore = false;
  }

  *#pieces(event: PublicEvent): Told {
    switch (event.type) {
      case "turn.started":
        this.#isTurn = true;
        return;
      case "state.started": {
        const { state, kind, path, number } = event;
        return yield { type: "state", state, kind, path, number };
      }
      case "text.delta":
        return yield* this.#delta(event);
      case "text.cut":
        this.#told.delete(event.path);
        if (this.#answer.delete(event.path)) yield { type: "cut", path: event.path };
        return;
      case "state.completed":
        this.#outputs.set(event.path, event.said === true ? this.#told.get(event.path) : event.output);
        return;
      case "usage":
        return this.#usage.add(event.usage);
      case "question.asked": {
        const { question, path, prompt, schema } = event;
        this.#questions.set(question, { question, path, prompt, ...(schema && { schema }) });
        return;
      }
      case "question.answered":
        this.#questions.delete(event.question);
        return;
      default:
        return yield* this.#ending(event);
    }
  }

  *#ending(event: PublicEvent): Told {
    switch (event.type) {
      case "run.waiting":
        if (this.#questions.size > 0) yield this.#end("asked", event);
        return;
      case "run.completed":
        if (!this.#isTurn) yield* this.#runCompleted(event);
        return;
      case "run.failed":
        if (!this.#isTurn) yield { ...this.#end("failed", event), error: event.error };
        return;
      case "run.cancelled":
        if (!this.#isTurn) yield { ...this.#end("cancelled", event), reason: event.reason };
        return;
      case "turn.completed":
        return yield* this.#turnCompleted(event);
      case "turn.failed":
        return yield { ...this.#end("failed", event), error: event.error };
      case "turn.cancelled":
        return yield { ...this.#end("cancelled", event), reason: event.reason };
      case "parked":
        return yield this.#end("parked", event);
      default:
        return;
    }
  }

  *#delta({ path, text, answer, state }: PublicTextDelta): Told {
    this.#told.set(path, (this.#told.get(path) ?? "") + text);
    if (!answer) return yield { type: "aside", text, path, state };
    this.#answer.set(path, (this.#answer.get(path) ?? "") + text);
    yield { type: "text", text, path };
  }

  *#runCompleted(event: EventOf<"run.completed">): Told {
    const { of, output } = event;
    const path = of ?? "";
    const value = of === undefined ? output : (this.#outputs.get(of) ?? this.#told.get(of));
    yield* rest(outputText(value), this.#answer.get(path) ?? "", path);
    yield { ...this.#end("completed", event), ...(value !== undefined && { output: value }) };
  }

  *#turnCompleted(event: EventOf<"turn.completed">): Told {
    const { text, said, value, usage } = event;
    const told = [...this.#answer.values()].join("");
    const path = [...this.#answer.keys()].at(-1) ?? "";
    if (said !== true) yield* rest(text ?? outputText(value), told, path);
    const end = this.#end("completed", event);
    const counted = end.usage ?? usage;
    yield { ...end, ...(counted && { usage: counted }), ...(value !== undefined && { output: value }) };
  }

  #end(status: ReplyStatus, { number }: PublicEvent): ReplyEnd {
    const usage = this.#usage.sum;
    return { type: "end", status, number, questions: [...this.#questions.values()], ...(usage && { usage }) };
  }
}

/** What of a whole text was not told yet. A text that goes otherwise than what was told takes its place. */
function* rest(whole: string, told: string, path: string): Told {
  if (whole === told) return;
  if (whole.startsWith(told)) return yield { type: "text", text: whole.slice(told.length), path };
  yield { type: "cut", path };
  if (whole !== "") yield { type: "text", text: whole, path };
}
