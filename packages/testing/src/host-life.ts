/** One run over several processes, as they would live one after another, and whether it kept its promises. */
import type { Orchestration, OrchestrationEvent, Run } from "@orch/core";
import { DurableHost, type DurableHostOptions, type JournalStore } from "@orch/core/host";
import { type ManualClock, manualClock } from "./clock/manual-clock.ts";
import type { HostFlow } from "./host-flows.ts";

const RUN = "run-1";
const LEASE = 30_000;

/** How a run ended: with an output, or with the code of an error. */
export type Ending = { readonly output: unknown } | { readonly code: unknown };

/** Lives a flow. */
export class HostLife {
  readonly #flow: HostFlow;
  readonly #durability: NonNullable<DurableHostOptions["durability"]>;
  readonly #clock: ManualClock;
  readonly #orchestration: Orchestration<unknown, unknown>;
  /** Paths in the order they were executed. */
  readonly executed: string[] = [];
  /** Paths that were committed when this process began. */
  #committed = new Set<string>();
  /** Paths that were executed although they had been committed. */
  readonly #again: string[] = [];
  #ending: Ending | undefined;

  constructor(
    flow: HostFlow,
    durability: "step" | "group" | "end",
    options: { readonly clock?: ManualClock; readonly ran?: (path: string) => void } = {},
  ) {
    this.#flow = flow;
    this.#durability = durability;
    this.#clock = options.clock ?? manualClock();
    this.#orchestration = flow.make((path) => {
      this.executed.push(path);
      if (this.#committed.has(path)) this.#again.push(path);
      options.ran?.(path);
    }) as Orchestration<unknown, unknown>;
  }

  /** Lives one process, until the run has ended or its store fails. Throws what the store failed with. */
  async live(store: JournalStore): Promise<void> {
    // The claim of the process before has to pass.
    await this.#clock.advance(LEASE + 1);
    const options = { durability: this.#durability, clock: this.#clock, lease: LEASE };
    try {
      this.#ending = await this.#drive(await this.#begin(new DurableHost(store, options)));
    } finally {
      await this.#clock.advance(0);
    }
  }

  /** What is wrong with how it ended; empty when nothing is. */
  problems(): string[] {
    const { ending, executed = [] } = this.#flow;
    const found: string[] = [];
    const [wanted, given] = [ending, this.#ending].map((one) => JSON.stringify(one));
    if (wanted !== given) found.push(`it ended as ${given}, and not as ${wanted}`);
    for (const path of this.#again) found.push(`${path} was committed, and ran again`);
    for (const path of executed) if (!this.executed.includes(path)) found.push(`${path} never ran`);
    return found;
  }

  /** What is wrong with the story its journal tells: every start has its end, numbers rise, and the end comes once. */
  async journalProblems(store: JournalStore): Promise<string[]> {
    const host = new DurableHost(store, { clock: this.#clock });
    const found: string[] = [];
    const open = new Set<string>();
    let last = 0;
    const events = await host.events(this.#orchestration as never, RUN);
    for (const { type, path, seq } of events) {
      if (seq <= last) found.push(`event ${seq} comes after ${last}`);
      last = seq;
      if (type === "state.started") {
        if (open.has(path)) found.push(`${path} started twice`);
        open.add(path);
      }
      if ((type === "state.completed" || type === "state.failed") && !open.delete(path)) {
        found.push(`${path} ended and had not started`);
      }
    }
    for (const path of open) found.push(`${path} never ended`);
    if (events.filter(isTerminal).length !== 1) found.push("there is not exactly one end");
    const { status, dueAt, holder } = (await host.get(RUN)) ?? {};
    if (lastEnd(this.#flow) !== status) found.push(`it is listed as ${status}`);
    if (dueAt !== undefined) found.push("a timer is listed as due");
    if (holder !== undefined) found.push(`${holder.name} still holds it`);
    const lastEvent = events.at(-1);
    if (lastEvent === undefined || !isTerminal(lastEvent)) found.push("the end does not come last");
    return found;
  }

  async #begin(host: DurableHost): Promise<Run<unknown>> {
    const stored = await host.get(RUN);
    const settings = { grace: 50 };
    if (stored === undefined) {
      this.#committed = new Set();
      const { input } = this.#flow;
      return this.#orchestration.start(input, { host, runId: RUN, ...settings });
    }
    const flow = this.#orchestration as Orchestration<never, unknown>;
    const { events } = await describeCommitted(host, flow);
    this.#committed = new Set(events);
    return host.resume(flow, RUN, settings);
  }

  /** Answers what is asked and lets time pass until the run has ended. */
  async #drive(run: Run<unknown>): Promise<Ending> {
    let ending: { readonly output: unknown } | { readonly error: unknown } | undefined;
    run.result.then(
      (output) => {
        ending = { output };
      },
      (error: unknown) => {
        ending = { error };
      },
    );
    for (let turn = 0; turn < 1_000 && ending === undefined; turn++) {
      await this.#clock.advance(turn % 2 === 0 ? 0 : 100);
      if (this.#flow.cancel?.(run) === true) void run.cancel("enough");
      const [question] = run.questions;
      if (question === undefined || ending !== undefined) continue;
      const answer = this.#flow.answers?.[question.id];
      if (answer !== undefined) await run.answer(question.id, answer).catch(forgiveLate);
    }
    if (ending === undefined) return { code: `never: ${JSON.stringify(run.describe())}` };
    if ("output" in ending) return ending;
    if (isFault(ending.error)) throw ending.error;
    return { code: codeOf(ending.error) };
  }
}

/** The paths of runnables that a run has committed, as its story tells. */
async function describeCommitted(
  host: DurableHost,
  flow: Orchestration<never, unknown>,
): Promise<{ readonly events: readonly string[] }> {
  const events = await host.events(flow, RUN);
  return { events: events.flatMap(({ type, path }) => (type === "state.completed" ? [path] : [])) };
}

/** An answer may find the run ended; a store that failed is a crash. */
function forgiveLate(error: unknown): void {
  const code = codeOf(error);
  if (code !== "ORCH_UNKNOWN_QUESTION" && code !== "ORCH_ALREADY_ANSWERED") throw error;
}

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}

/** Whether a faulty store is behind this. */
export function isFault(error: unknown): boolean {
  const code = codeOf(error);
  if (code === "ORCH_FAULT") return true;
  return code === "ORCH_NOT_WRITTEN" && isFault((error as Error).cause);
}

/** How a list shows a flow that has ended as it should. */
function lastEnd({ ending }: HostFlow): string {
  if ("output" in ending) return "completed";
  return ending.code === "ORCH_CANCELLED" ? "cancelled" : "failed";
}

function isTerminal({ type }: OrchestrationEvent): boolean {
  return type === "run.completed" || type === "run.failed" || type === "run.cancelled";
}
