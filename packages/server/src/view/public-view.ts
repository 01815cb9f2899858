/**
 * Makes of the events of a run or a turn those that may leave the process. It is given all events from the first one on, in
 * their order, so that what it says of an event never depends on where a reader began.
 */
import { textOf } from "@orch/agents";
import type { ChatEvent } from "@orch/chat-runtime";
import { type EventError, type Json, type OrchestrationEvent, type StateOutput, speech } from "@orch/core";
import type { PublicEvent, PublicEventBase, PublicUsage } from "../words/public-event.ts";
import { type EventPlace, eventIdOf } from "./event-id.ts";
import { OpenPlaces } from "./open-places.ts";
import { type ForeignErrors, publicError } from "./public-error.ts";
import { publicJson } from "./public-json.ts";
import { publicSentence } from "./public-sentence.ts";
import { SpokenText } from "./spoken-text.ts";
import { toolEventOf } from "./tool-event.ts";

/** What a view goes by. */
export interface PublicViewOptions {
  /** The name under which the orchestration or the chat is public. */
  readonly name: string;
  /** Which opening of the run or turn is told. */
  readonly life: string;
  /** Whether the state at a path speaks for the whole. */
  readonly answers: (path: string) => boolean;
  readonly foreignErrors: ForeignErrors;
  /** The channels of the program's own that are told, as `data`. */
  readonly channels: readonly string[];
}

type Body<TEvent> = TEvent extends unknown ? Omit<TEvent, keyof PublicEventBase> : never;
type PublicBody = Body<PublicEvent>;

/** The public side of one run or turn. */
export class PublicView {
  readonly #options: PublicViewOptions;
  readonly #open = new OpenPlaces();
  readonly #spoken = new SpokenText();
  /** The text that the turn said in its transcript. */
  readonly #said = new SpokenText();
  /** The output that was told last, and whose it is. */
  #told: { readonly path: string; readonly json: string } | undefined;
  #place: EventPlace = { number: 0, part: 0 };

  constructor(options: PublicViewOptions) {
    this.#options = options;
  }

  /** The public events of one event at its place: none, one, or one with those that follow from it. */
  take(event: ChatEvent, place: EventPlace): readonly PublicEvent[] {
    const { number, part } = this.#place;
    if (place.part > (place.number === number ? part : 0) + 1) this.#tear();
    const before = this.#place;
    this.#place = place;
    const { time } = event;
    const made: PublicEvent[] = [];
    // What follows from an event comes before it, at the place before: who saw it and not the event sees both again.
    for (const path of this.#cutBy(event))
      made.push(this.#at({ type: "text.cut", path }, before, time) as PublicEvent);
    for (const body of this.#bodies(event)) made.push(this.#at(body, place, time));
    return made;
  }

  /** Tells, at the place of a reader of an earlier life, that what open states had said to it was cut. */
  cuts(place: EventPlace, time: number): readonly PublicEvent[] {
    return this.#open.paths.map((path) => this.#at({ type: "text.cut", path }, place, time));
  }

  #at(body: PublicBody, { number, part }: EventPlace, time: number): PublicEvent {
    const id = eventIdOf({ number, part, life: this.#options.life });
    return { ...body, id, number, time } as PublicEvent;
  }

  #tear(): void {
    this.#spoken.tear();
    this.#said.tear();
  }

  /** Whose text an event cuts. */
  #cutBy(event: ChatEvent): readonly string[] {
    switch (event.type) {
      case "state.retrying":
      case "state.failed": {
        const spoke = this.#spoken.cut(event.path);
        this.#said.cut(event.path);
        return spoke ? [event.path] : [];
      }
      case "state.completed": {
        const output = typeof event.output === "string" ? event.output : undefined;
        const what = this.#spoken.complete(event.path, output);
        this.#saidNow = what === "said";
        return what === "torn" ? [event.path] : [];
      }
      default:
        return [];
    }
  }

  /** Whether the state that completes now said its output. */
  #saidNow = false;

  #bodies(event: ChatEvent): readonly PublicBody[] {
    const closed = this.#open.see(event).map(
      ({ path, state, question }): PublicBody => ({
        type: "question.answered",
        path,
        state,
        question,
        closed: true,
      }),
    );
    const body = this.#body(event);
    return body === undefined ? closed : [...closed, body];
  }

  #body(event: ChatEvent): PublicBody | undefined {
    switch (event.type) {
      case "turn.started":
        return { type: event.type, turn: event.turnId, text: textOf(event.message) };
      case "turn.completed":
        return this.#turnCompleted(event);
      case "turn.failed":
        return { type: event.type, turn: event.turnId, error: this.#error(event.error, "The turn") };
      case "turn.cancelled":
        return { type: event.type, turn: event.turnId, reason: publicSentence(event.reason) };
      case "turn.suspended":
      case "run.suspended":
        return { type: "parked" };
      case "message.delta":
        this.#said.say(event.path, event.text);
        return this.#delta(event.path, stateIn(event.path), event.text, true);
      case "turn.events.dropped":
      case "events.missed":
        this.#tear();
        return undefined;
      default:
        return this.#runBody(event);
    }
  }

  #runBody(event: OrchestrationEvent): PublicBody | undefined {
    switch (event.type) {
      case "run.started":
        return { type: event.type, orchestration: this.#options.name };
      case "run.waiting":
        return { type: event.type, questions: event.questions, signals: event.signals ?? [] };
      case "run.completed":
        return { type: event.type, ...this.#result(event.output), duration: event.duration };
      case "run.failed":
        return { type: event.type, error: this.#error(event.error, "The run"), duration: event.duration };
      case "run.cancelled":
        return { type: event.type, reason: publicSentence(event.reason), duration: event.duration };
      case "run.retried":
        return { type: event.type };
      case "signal.received":
        return { type: event.type, signal: event.signal };
      case "state.transition": {
        const { path, from, to, cause, advancers } = event;
        const label = advancers.find(({ verdict }) => verdict === "taken")?.label;
        return { type: "state.moved", path, from, to, cause, ...(label !== undefined && { label }) };
      }
      default:
        return this.#stateBody(event);
    }
  }

  #stateBody(event: OrchestrationEvent): PublicBody | undefined {
    if (!("state" in event)) return undefined;
    const { path, state } = event;
    const at = { path, state };
    switch (event.type) {
      case "state.started": {
        const { kind, visit, branches } = event;
        return { type: event.type, ...at, kind, visit, ...(branches !== undefined && { branches }) };
      }
      case "state.completed":
        return { type: event.type, ...at, ...this.#output(path, event.output), duration: event.duration };
      case "state.failed": {
        const error = this.#error(event.error, `The state "${state}"`);
        return { type: event.type, ...at, error, cancelled: event.cancelled, duration: event.duration };
      }
      case "state.retrying": {
        const error = this.#error(event.error, `The state "${state}"`);
        return { type: event.type, ...at, attempt: event.attempt, delay: event.delay, error };
      }
      case "state.skipped":
        return { type: event.type, ...at };
      case "state.usage":
        return { type: "usage", ...at, usage: usageOf(event.spending) };
      case "question.asked": {
        const { question, prompt, schema } = event;
        return {
          ...{ type: event.type, ...at, question, prompt: publicJson(prompt) ?? null },
          ...(schema !== undefined && { schema }),
        };
      }
      case "question.answered":
        return {
          type: event.type,
          ...at,
          question: event.question,
          answer: publicJson(event.answer) ?? null,
        };
      case "state.output":
        return this.#live(event);
      default:
        return undefined;
    }
  }

  /** Live data: text, what tools do, and what the program made public. */
  #live(event: StateOutput): PublicBody | undefined {
    const { path, state, channel } = event;
    const text = speech.of(event);
    if (text !== undefined)
      return text === "" ? undefined : this.#delta(path, state, text, this.#options.answers(path));
    const tool = toolEventOf(event);
    if (tool !== undefined) return { ...tool, path, state };
    if (!this.#options.channels.includes(channel)) return undefined;
    return { type: "data", path, state, channel, data: publicJson(event.data) ?? null };
  }

  #delta(path: string, state: string, text: string, answer: boolean): PublicBody {
    this.#spoken.say(path, text);
    return { type: "text.delta", path, state, text, answer };
  }

  /** What a state gave, unless that was told in pieces. */
  #output(path: string, value: unknown): { readonly output?: Json; readonly said?: true } {
    const output = publicJson(value);
    this.#told = output === undefined ? undefined : { path, json: JSON.stringify(output) };
    if (this.#saidNow) return { said: true };
    return output === undefined ? {} : { output };
  }

  /** What a run gave, unless a state gave the same last. */
  #result(value: unknown): { readonly output?: Json; readonly of?: string } {
    const output = publicJson(value);
    if (output === undefined) return {};
    if (this.#told?.json === JSON.stringify(output)) return { of: this.#told.path };
    return { output };
  }

  #turnCompleted(event: Extract<ChatEvent, { readonly type: "turn.completed" }>): PublicBody {
    const { turnId: turn, usage, cost } = event;
    const text = textOf(event.message);
    const said = !this.#said.torn && text !== "" && this.#said.whole().endsWith(text);
    const value = typeof event.value === "string" ? undefined : publicJson(event.value);
    return {
      ...{ type: event.type, turn },
      ...(said ? { said: true as const } : { text }),
      ...(value !== undefined && { value }),
      ...(usage && { usage: usageOf({ inputTokens: usage.input, outputTokens: usage.output, cost }) }),
    };
  }

  #error(error: EventError, what: string): ReturnType<typeof publicError> {
    return publicError(error, what, this.#options.foreignErrors);
  }
}

function usageOf({
  inputTokens,
  outputTokens,
  cost,
  model,
}: { [key in keyof PublicUsage]?: PublicUsage[key] | undefined }): PublicUsage {
  return {
    ...(inputTokens !== undefined && { inputTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(cost !== undefined && { cost }),
    ...(model !== undefined && { model }),
  };
}

/** The id of the state at a path. */
function stateIn(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/#\d+$/, "");
}
