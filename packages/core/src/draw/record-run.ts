import { given } from "../platform/given.ts";
import type { EventOf, OrchestrationEvent } from "../words/events.ts";
import { outerPlace, placeOf } from "./place.ts";
import type {
  RecordedEdge,
  RecordedQuestion,
  RecordedRun,
  RecordedState,
  RecordedWait,
} from "./recorded-run.ts";
import { isList } from "./state-looks.ts";

const NOTHING: RecordedRun = {
  runId: "",
  orchestration: "",
  status: "idle",
  startedAt: 0,
  states: {},
  edges: [],
  questions: [],
  waits: [],
  tokens: 0,
  cost: 0,
};

/**
 * Gathers the events of one run by state. Pure: `before` stays as it is, so a drawing can be fed the
 * events as they come, one at a time or many. What it holds grows with the graph and not with the run.
 *
 * @example
 * ```ts
 * let record = recordRun([]);
 * for await (const event of run.events()) record = recordRun([event], record);
 * console.log(toText(flow.graph, { run: record }));
 * ```
 */
export function recordRun(events: Iterable<OrchestrationEvent>, before: RecordedRun = NOTHING): RecordedRun {
  const record = new RunRecord(before);
  for (const event of events) record.take(event);
  return record.run;
}

/** What a drawing does not show. */
type Unseen = EventOf<"state.output" | "events.missed" | "run.paused" | "run.continued">;

/** A record that is being written. */
class RunRecord {
  #run: RecordedRun;
  readonly #states: Map<string, RecordedState>;
  readonly #edges: RecordedEdge[];
  #questions: RecordedQuestion[];
  #waits: RecordedWait[];

  constructor(before: RecordedRun) {
    this.#run = before;
    this.#states = new Map(Object.entries(before.states));
    this.#edges = [...before.edges];
    this.#questions = [...before.questions];
    this.#waits = [...before.waits];
  }

  get run(): RecordedRun {
    return {
      ...this.#run,
      states: Object.fromEntries(this.#states),
      edges: this.#edges,
      questions: this.#questions,
      waits: this.#waits,
    };
  }

  take(event: OrchestrationEvent): void {
    switch (event.type) {
      case "run.started": {
        const { runId, orchestration, time } = event;
        this.#run = { ...this.#run, runId, orchestration, status: "running", startedAt: time };
        return;
      }
      case "run.completed":
        this.#end("completed", event.duration);
        return;
      case "run.failed":
        this.#end("failed", event.duration);
        return;
      case "run.cancelled":
        this.#end("cancelled", event.duration);
        return;
      case "run.refused":
      case "run.suspended":
        this.#run = { ...this.#run, status: event.type === "run.refused" ? "refused" : "suspended" };
        return;
      case "run.waiting":
        this.#run = { ...this.#run, status: "waiting" };
        return;
      case "run.retried": {
        const { duration: _, ...run } = this.#run;
        this.#run = { ...run, status: "running" };
        return;
      }
      case "state.started":
        this.#started(event);
        return;
      case "state.completed":
      case "state.failed":
        this.#ended(event);
        return;
      case "state.skipped":
        this.#skipped(event);
        return;
      case "state.retrying":
        this.#change(this.#placeOf(event.path), (state) => ({ retries: state.retries + 1 }));
        return;
      case "state.usage":
        this.#spent(event);
        return;
      case "state.transition":
        this.#moved(event);
        return;
      default:
        this.#takeWait(event);
    }
  }

  #takeWait(
    event: EventOf<"question.asked" | "question.answered" | "state.waiting" | "signal.received"> | Unseen,
  ): void {
    switch (event.type) {
      case "question.asked":
        this.#asked(event);
        return;
      case "state.waiting":
        this.#waiting(event);
        return;
      case "signal.received":
        if (this.#run.status === "waiting") this.#run = { ...this.#run, status: "running" };
        return;
      case "question.answered":
        this.#answered(event);
        return;
      default:
        event satisfies Unseen;
    }
  }

  #end(status: "completed" | "failed" | "cancelled", duration: number): void {
    this.#run = { ...this.#run, status, duration };
    this.#questions = [];
    this.#waits = [];
  }

  #started({ path, state, kind, time, again }: EventOf<"state.started">): void {
    const place = this.#placeOf(path);
    const before = this.#states.get(place);
    this.#put({
      ...(before ?? fresh(place, state)),
      kind,
      visits: (before?.visits ?? 0) + (again === true ? 0 : 1),
      active: (before?.active ?? 0) + 1,
      startedAt: time,
      status: "running",
    });
  }

  #ended(event: EventOf<"state.completed"> | EventOf<"state.failed">): void {
    const { path, duration } = event;
    const failed = event.type === "state.failed";
    const open = this.#questions.length + this.#waits.length;
    // An activation that ends takes its questions and its wait with it.
    this.#questions = this.#questions.filter((question) => question.path !== path);
    this.#waits = this.#waits.filter((wait) => wait.path !== path);
    const closed = open - this.#questions.length - this.#waits.length;
    this.#change(this.#placeOf(path), (state) => {
      const active = Math.max(0, state.active - 1);
      const waiting = Math.max(0, state.waiting - closed);
      return {
        active,
        waiting,
        duration: state.duration + duration,
        lastDuration: duration,
        failures: state.failures + (failed && !event.cancelled ? 1 : 0),
        status:
          active > 0
            ? statusOf(active, waiting)
            : failed
              ? event.cancelled
                ? "cancelled"
                : "failed"
              : "completed",
      };
    });
  }

  #skipped({ path, state }: EventOf<"state.skipped">): void {
    const place = this.#placeOf(path);
    const before = this.#states.get(place) ?? fresh(place, state);
    this.#put({
      ...before,
      skips: before.skips + 1,
      status: before.active > 0 ? before.status : "skipped",
    });
  }

  #spent({ path, spending }: EventOf<"state.usage">): void {
    const tokens = (spending.inputTokens ?? 0) + (spending.outputTokens ?? 0);
    const cost = spending.cost ?? 0;
    this.#run = { ...this.#run, tokens: this.#run.tokens + tokens, cost: this.#run.cost + cost };
    for (let at: string | undefined = this.#placeOf(path); at !== undefined; at = outerPlace(at)) {
      this.#change(at, (state) => ({ tokens: state.tokens + tokens, cost: state.cost + cost }));
    }
  }

  #moved({ path, to, cause, advancers }: EventOf<"state.transition">): void {
    const from = this.#placeOf(path);
    const target = `${outerPlace(from) ?? ""}/${to}`;
    const place = advancers.findIndex(({ verdict }) => verdict === "taken");
    const label = advancers[place]?.label;
    const known = this.#edges.findIndex(
      (edge) =>
        edge.from === from &&
        edge.to === target &&
        edge.cause === cause &&
        (edge.place ?? -1) === (cause === "rerun" ? -1 : place),
    );
    if (known >= 0) {
      const edge = this.#edges[known]!;
      this.#edges[known] = { ...edge, count: edge.count + 1 };
      return;
    }
    this.#edges.push({
      from,
      to: target,
      cause,
      ...(cause === "rerun" || place < 0 ? {} : { place }),
      ...(label === undefined ? {} : { label }),
      count: 1,
    });
  }

  #asked({ path, question, prompt }: EventOf<"question.asked">): void {
    const place = this.#placeOf(path);
    this.#questions.push({ id: question, place, path, prompt });
    this.#change(place, (state) => ({
      waiting: state.waiting + 1,
      status: statusOf(state.active, state.waiting + 1),
    }));
  }

  #waiting({ path, signal, condition, timeout }: EventOf<"state.waiting">): void {
    const place = this.#placeOf(path);
    this.#waits.push({ place, path, ...given({ signal, condition, timeout }) });
    this.#change(place, (state) => ({
      waiting: state.waiting + 1,
      status: statusOf(state.active, state.waiting + 1),
    }));
  }

  #answered({ path, question }: EventOf<"question.answered">): void {
    this.#questions = this.#questions.filter(({ id }) => id !== question);
    if (this.#run.status === "waiting") this.#run = { ...this.#run, status: "running" };
    this.#change(this.#placeOf(path), (state) => {
      const waiting = Math.max(0, state.waiting - 1);
      return { waiting, status: statusOf(state.active, waiting) };
    });
  }

  #change(place: string, change: (state: RecordedState) => Partial<RecordedState>): void {
    const state = this.#states.get(place);
    if (state !== undefined) this.#put({ ...state, ...change(state) });
  }

  #put(state: RecordedState): void {
    this.#states.set(state.place, state);
  }

  #placeOf(path: string): string {
    return placeOf(path, (place) => isList(this.#states.get(place)?.kind));
  }
}

function statusOf(active: number, waiting: number): "running" | "waiting" {
  return waiting > 0 && waiting >= active ? "waiting" : "running";
}

function fresh(place: string, id: string): RecordedState {
  return {
    place,
    id,
    kind: "runnable",
    status: "running",
    visits: 0,
    active: 0,
    waiting: 0,
    skips: 0,
    failures: 0,
    retries: 0,
    duration: 0,
    tokens: 0,
    cost: 0,
  };
}
