/** One turn or run as a run of AG-UI: public events in, events of the protocol out. It is pure, and has a test of its own. */
import type { Json } from "@orch/core";
import type { Narration } from "../reply/narration.ts";
import { promptText, questionKind } from "../reply/question-kind.ts";
import type { PublicError, PublicEvent, PublicQuestionAsked } from "../words/public-event.ts";
import type { AgUiEvent, AgUiInterrupt, AgUiOutcome } from "./ag-ui-event.ts";
import type { KnownRun } from "./known-run.ts";
import { ModelUsage } from "./model-usage.ts";
import { type AgUiStatus, SharedState } from "./shared-state.ts";
import { SpokenMessages } from "./spoken-messages.ts";
import { ToolCalls } from "./tool-calls.ts";

/** The thread and the run, as the client named them. */
export interface RunNames {
  readonly thread: string;
  readonly run: string;
}

const REASONS = { call: "tool_call", "yes-or-no": "confirmation", form: "input_required" } as const;

/** Makes the events of one turn or run. Whatever ends it, what was opened is closed first. */
export class RunTranslation {
  readonly #names: RunNames;
  readonly #kind: Narration["kind"];
  readonly #state: SharedState;
  readonly #spoken: SpokenMessages;
  readonly #calls: ToolCalls;
  readonly #usage = new ModelUsage();
  readonly #asked = new Map<string, PublicQuestionAsked>();
  #after: string | undefined;
  /** The state whose output was told last. */
  #told: { readonly path: string; readonly output?: Json } | undefined;

  constructor({ id, kind }: Pick<Narration, "id" | "kind">, names: RunNames, known: KnownRun) {
    this.#names = names;
    this.#kind = kind;
    this.#state = new SharedState(id, known.state);
    this.#spoken = new SpokenMessages(`${id}/`, known.texts);
    this.#calls = new ToolCalls(`${id}/`);
    this.#after = known.state?.after;
  }

  /** The first events. `state` is the state that the page has. */
  start(state: unknown): readonly AgUiEvent[] {
    return [{ type: "RUN_STARTED", protocolVersion: "1.0", ...this.#ids() }, this.#state.start(state)];
  }

  /** The events of one event. */
  take(event: PublicEvent): readonly AgUiEvent[] {
    this.#after = event.id;
    if (event.type === "text.delta" && this.#state.isFolded(event.path)) return [];
    if (event.type === "data") return [{ type: "CUSTOM", name: event.channel, value: event.data }];
    if (event.type === "usage") this.#usage.add(event.usage);
    if (event.type === "state.completed" && event.output !== undefined) this.#told = event;
    if (event.type === "question.asked") this.#asked.set(event.question, event);
    if (event.type === "question.answered") this.#asked.delete(event.question);
    const parts = [...this.#spoken.take(event), ...this.#calls.take(event), ...this.#state.take(event)];
    if (event.type === "parked") return [...parts, ...this.leave()];
    return [...parts, ...(this.#kind === "turn" ? this.#turnEnd(event) : this.#runEnd(event))];
  }

  /** Ends the run with the questions that wait. */
  wait(): readonly AgUiEvent[] {
    const interrupts = [...this.#asked.values()].map(interruptOf);
    // Questions that another reader was told: who connects anew is told them too.
    if (interrupts.length === 0) return this.leave();
    return this.#finish("waiting", { type: "interrupt", interrupts });
  }

  /** Ends the run with a failure. */
  fail({ code, message }: PublicError, status: AgUiStatus = "failed"): readonly AgUiEvent[] {
    return [...this.#close(status), { type: "RUN_ERROR", code, message }];
  }

  /** Ends the run, because no more of it can be told now. */
  leave(): readonly AgUiEvent[] {
    return this.fail({ code: "ORCH_SERVER_CLOSING", message: LEFT }, "parked");
  }

  #turnEnd(event: PublicEvent): readonly AgUiEvent[] {
    switch (event.type) {
      case "turn.completed":
        return this.#completed(event.text, event.value, event.id);
      case "turn.failed":
        return this.fail(event.error);
      case "turn.cancelled":
        return this.#finish("cancelled", { type: "cancelled" });
      default:
        return [];
    }
  }

  #runEnd(event: PublicEvent): readonly AgUiEvent[] {
    switch (event.type) {
      case "run.completed": {
        // What was said in pieces needs no output; what was told before is named by its state.
        const output = event.output ?? (event.of === this.#told?.path ? this.#told?.output : undefined);
        const isText = typeof output === "string";
        return this.#completed(isText ? output : undefined, isText ? undefined : output, event.id);
      }
      case "run.failed":
        return this.fail(event.error);
      case "run.cancelled":
        return this.#finish("cancelled", { type: "cancelled" });
      default:
        return [];
    }
  }

  #completed(text: string | undefined, value: Json | undefined, id: string): readonly AgUiEvent[] {
    const said = [...this.#spoken.close(), ...this.#spoken.whole(text, id)];
    return [...said, ...this.#finish("completed", { type: "success" }, value ?? undefined)];
  }

  #finish(status: AgUiStatus, outcome: AgUiOutcome, result?: Json): readonly AgUiEvent[] {
    const usage = this.#usage.entries();
    const told = { ...(result !== undefined && { result }), ...(usage.length > 0 && { usage }) };
    return [...this.#close(status), { type: "RUN_FINISHED", ...this.#ids(), outcome, ...told }];
  }

  #close(status: AgUiStatus): readonly AgUiEvent[] {
    return [...this.#spoken.close(), ...this.#state.end(status, this.#after)];
  }

  #ids(): { readonly threadId: string; readonly runId: string } {
    return { threadId: this.#names.thread, runId: this.#names.run };
  }
}

const LEFT = "The server tells no more of this now. Connect again: nothing of it is lost.";

function interruptOf(event: PublicQuestionAsked): AgUiInterrupt {
  const { question: id, path, state, prompt, schema } = event;
  const reason = REASONS[questionKind(event).type];
  const metadata = { orch: { path, state, prompt } };
  return { id, reason, message: promptText(prompt), ...(schema && { responseSchema: schema }), metadata };
}
