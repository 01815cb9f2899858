import { given } from "../platform/given.ts";
import type { OpenState, OpenWait, RunDescription } from "../run/describe.ts";
import type { RunStage } from "../run/host.ts";
import type { OpenQuestion } from "../run/questions.ts";
import type { RunStatus } from "../run/run.ts";
import type { Census } from "../words/census.ts";
import type { OrchestrationEvent } from "../words/events.ts";

/** A run as its events tell of it: for hosts whose runs are driven elsewhere. */
export class RunView {
  readonly #runId: string;
  #orchestration = "";
  #steps = 0;
  #isWaiting = false;
  #paused: string | undefined;
  readonly #visits: { [state: string]: number } = Object.create(null) as { [state: string]: number };
  readonly #open = new Map<string, OpenState>();
  readonly #questions = new Map<string, OpenQuestion>();
  readonly #waits = new Map<string, OpenWait>();
  #census: readonly Census[] | undefined;
  readonly #spent = { tokens: 0, cost: 0 };

  constructor(runId: string) {
    this.#runId = runId;
  }

  /** Where the run is that has not ended. No event tells that it is queued. */
  get stage(): RunStage {
    if (this.#paused !== undefined) return "paused";
    return this.#isWaiting ? "waiting" : "running";
  }

  /** The questions that wait for an answer, oldest first. */
  get questions(): readonly OpenQuestion[] {
    return [...this.#questions.values()];
  }

  describe(status: RunStatus): RunDescription {
    return {
      runId: this.#runId,
      orchestration: this.#orchestration,
      status,
      visits: { ...this.#visits },
      steps: this.#steps,
      open: this.#leaves(),
      questions: this.questions,
      ...(this.#paused === undefined ? {} : { paused: { reason: this.#paused } }),
      spent: { ...this.#spent },
      ...given({
        census: this.#census,
        waits: this.#waits.size === 0 ? undefined : [...this.#waits.values()],
      }),
    };
  }

  /** Takes the next event of the run. */
  hear(event: OrchestrationEvent): void {
    if (event.type === "run.paused") this.#paused = event.reason;
    else if (event.part === undefined || event.type === "run.continued") this.#paused = undefined;
    if (event.type !== "run.paused" && event.type !== "run.continued") {
      this.#isWaiting = event.type === "run.waiting";
    }
    switch (event.type) {
      case "run.started":
        this.#orchestration = event.orchestration;
        break;
      case "state.started":
        this.#started(event.path, event.state, event.kind, event.visit);
        break;
      case "state.retrying":
        this.#retrying(event.path, event.attempt + 1);
        break;
      case "state.completed":
      case "state.failed":
        this.#ended(event.path);
        break;
      case "state.transition":
        if (this.#isOutermost(event.path)) this.#steps += 1;
        break;
      case "state.usage": {
        const { inputTokens = 0, outputTokens = 0, cost = 0 } = event.spending;
        this.#spent.tokens += inputTokens + outputTokens;
        this.#spent.cost += cost;
        break;
      }
      case "question.asked": {
        const { question: id, path, prompt, time: askedAt, schema } = event;
        this.#questions.set(id, { id, path, prompt, askedAt, ...given({ schema }) });
        break;
      }
      case "state.waiting": {
        const { path, state, time, signal, schema, condition, timeout } = event;
        const due = timeout === undefined ? undefined : time + timeout;
        this.#waits.set(path, { path, state, ...given({ signal, schema, condition, timeout, due }) });
        break;
      }
      case "question.answered":
        this.#questions.delete(event.question);
        break;
      case "run.completed":
      case "run.failed":
      case "run.cancelled":
        this.#census = event.census;
        this.#open.clear();
        this.#waits.clear();
        this.#questions.clear();
    }
  }

  #started(path: string, state: string, kind: OpenState["kind"], visit: number): void {
    this.#open.set(path, { path, state, kind, visit, attempt: 1 });
    if (this.#isOutermost(path)) this.#visits[state] = visit;
  }

  #retrying(path: string, attempt: number): void {
    const open = this.#open.get(path);
    if (open !== undefined) this.#open.set(path, { ...open, attempt });
  }

  #ended(path: string): void {
    this.#open.delete(path);
    this.#waits.delete(path);
    for (const question of this.#questions.values()) {
      if (question.path === path) this.#questions.delete(question.id);
    }
  }

  /** Whether a path belongs to a state of the outermost machine. */
  #isOutermost(path: string): boolean {
    const inside = path.slice(this.#orchestration.length);
    return /^\/[^/#[\]]+#\d+$/.test(inside);
  }

  /** The open activations without an open activation inside. */
  #leaves(): OpenState[] {
    const open = [...this.#open.values()];
    return open.filter(
      // What collects waits for others, which are open.
      ({ path, kind }) =>
        kind !== "collect" &&
        !open.some((one) => one.path.startsWith(`${path}/`) || one.path.startsWith(`${path}[`)),
    );
  }
}
