/** Reads the events of a run into what is compared. */
import { agentEvents } from "@orch/agents";
import type { AdvancerVerdict, EventOf, Json, OrchestrationEvent } from "@orch/core";
import type {
  EvalMove,
  EvalOutcome,
  EvalQuestion,
  EvalState,
  EvalToolUse,
  EvalUsage,
} from "./eval-outcome.ts";
import { plainValue } from "./plain-value.ts";

/** Takes the events of one run in their order. */
export class OutcomeReader {
  orchestration = "";
  input: Json | undefined;
  readonly questions: Map<string, EvalQuestion> = new Map();
  readonly tools: EvalToolUse[] = [];
  readonly #moves: EvalMove[] = [];
  readonly #states = new Map<string, EvalState>();
  #usage: EvalUsage = { inputTokens: 0, outputTokens: 0, cost: 0, unpriced: 0 };
  #end: Pick<EvalOutcome, "status" | "output" | "error"> = { status: "waiting" };

  readonly take = (event: OrchestrationEvent): void => {
    switch (event.type) {
      case "run.started":
        this.orchestration = event.orchestration;
        this.input = plainValue(event.input);
        return;
      case "state.started":
        this.#states.set(event.path, { path: event.path, status: "open", ...inputOf(event) });
        return;
      case "state.completed":
        this.#ended(event.path, "completed", plainValue(event.output));
        return;
      case "state.failed":
        this.#ended(event.path, event.cancelled ? "cancelled" : "failed");
        return;
      case "state.skipped":
        this.#states.set(event.path, { path: event.path, status: "skipped" });
        return;
      case "state.transition":
        this.#moves.push(moveOf(event));
        return;
      case "state.usage":
        this.#spend(event);
        return;
      case "state.output":
        this.#hear(event);
        return;
      case "question.asked":
        this.questions.set(event.question, {
          question: event.question,
          prompt: plainValue(event.prompt) ?? null,
        });
        return;
      case "question.answered":
        this.#answered(event);
        return;
      case "run.retried":
        this.#end = { status: "waiting" };
        return;
      default:
        this.#endOf(event);
    }
  };

  /** What is known by now. */
  get outcome(): EvalOutcome {
    return {
      ...this.#end,
      path: byPlace(this.#moves, (move) => move.in),
      states: [...this.#states.values()].sort((a, b) => compare(a.path, b.path)),
      tools: byPlace(this.tools, ({ state }) => state),
      questions: [...this.questions.values()].sort((a, b) => compare(a.question, b.question)),
      usage: this.#usage,
    };
  }

  #ended(path: string, status: EvalState["status"], output?: Json): void {
    const state = this.#states.get(path) ?? { path, status };
    this.#states.set(path, { ...state, status, ...(output !== undefined && { output }) });
  }

  #spend({ spending }: EventOf<"state.usage">): void {
    const { inputTokens = 0, outputTokens = 0, cost } = spending;
    const before = this.#usage;
    this.#usage = {
      inputTokens: before.inputTokens + inputTokens,
      outputTokens: before.outputTokens + outputTokens,
      cost: before.cost + (cost ?? 0),
      unpriced: before.unpriced + (cost === undefined ? 1 : 0),
    };
  }

  #hear(event: EventOf<"state.output">): void {
    let told = agentEvents.of(event);
    while (told?.type === "agent.nested") told = told.event;
    if (told?.type !== "tool.started" && told?.type !== "tool.deferred") return;
    this.tools.push({ state: event.path, name: told.name, input: plainValue(told.input) ?? null });
  }

  #answered({ question, answer }: EventOf<"question.answered">): void {
    const asked = this.questions.get(question) ?? { question, prompt: null };
    this.questions.set(question, { ...asked, answer: plainValue(answer) ?? null });
  }

  #endOf(event: OrchestrationEvent): void {
    if (event.type === "run.completed") {
      const output = plainValue(event.output);
      this.#end = { status: "completed", ...(output !== undefined && { output }) };
    } else if (event.type === "run.failed" || event.type === "run.refused") {
      const { name, message, code } = event.error;
      this.#end = { status: "failed", error: { name, message, ...(code !== undefined && { code }) } };
    } else if (event.type === "run.cancelled") {
      this.#end = { status: "cancelled" };
    }
  }
}

function inputOf({ kind, input }: EventOf<"state.started">): { readonly input?: Json } {
  // What composites and nested orchestrations are given stands in the states inside.
  const value = kind === "runnable" ? plainValue(input) : undefined;
  return value === undefined ? {} : { input: value };
}

function moveOf({ path, from, to, cause, advancers }: EventOf<"state.transition">): EvalMove {
  const declined = advancers.filter(({ verdict }) => verdict === "declined").map(named);
  const label = advancers.find(({ verdict }) => verdict === "taken")?.label;
  return {
    in: path.slice(0, Math.max(0, path.lastIndexOf("/"))),
    from,
    to,
    cause,
    ...(label !== undefined && { label }),
    ...(declined.length > 0 && { declined }),
  };
}

function named({ to, label }: AdvancerVerdict): string {
  return label === undefined ? to : `${to} (${label})`;
}

/** States side by side move in any order: what one place did stays in its order, and the places are sorted. */
function byPlace<TItem>(items: readonly TItem[], placeOf: (item: TItem) => string): readonly TItem[] {
  return items.toSorted((a, b) => compare(placeOf(a), placeOf(b)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
