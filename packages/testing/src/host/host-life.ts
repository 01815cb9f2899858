/** One run over several processes, as they would live one after another, and whether it kept its promises. */
import type { Orchestration, OrchestrationEvent, Run } from "@orch/core";
import { systemClock } from "@orch/core/doors";
import type { AnyOrchestration } from "@orch/core/host";
import { type ManualClock, manualClock } from "../clock/manual-clock.ts";
import type { HostFlow } from "./host-flows.ts";
import type { HostProcess } from "./host-under-test.ts";

const RUN = "run-1";
/** A process that is gone may hold its runs for so long, in milliseconds: the default lease of a durable host. */
const LEASE = 30_000;
/** How long cancelled work may take to settle, in milliseconds. */
export const GRACE = 50;

/** How a run ended: with an output, or with the code of an error. */
export type Ending = { readonly output: unknown } | { readonly code: unknown };

/** How a {@link HostLife} is lived. */
export interface HostLifeOptions {
  /** The time of the host; `undefined` for real time. Default: a manual clock. */
  readonly clock?: ManualClock | undefined;
  /** Told the path of every execution. */
  readonly ran?: (path: string) => void;
}

/** Lives a flow. */
export class HostLife {
  readonly #flow: HostFlow;
  readonly #clock: ManualClock | undefined;
  readonly #orchestration: Orchestration<unknown, unknown>;
  /** Paths in the order they were executed. */
  readonly executed: string[] = [];
  /** Paths that were committed when this process began. */
  #committed = new Set<string>();
  /** Paths that were executed although they had been committed. */
  readonly #again: string[] = [];
  #ending: Ending | undefined;
  #told: OrchestrationEvent[] = [];

  constructor(flow: HostFlow, options: HostLifeOptions = {}) {
    this.#flow = flow;
    this.#clock = "clock" in options ? options.clock : manualClock();
    this.#orchestration = flow.make((path) => {
      this.executed.push(path);
      if (this.#committed.has(path)) this.#again.push(path);
      options.ran?.(path);
    }) as Orchestration<unknown, unknown>;
  }

  /** Lives one process, until the run has ended or the process has crashed. */
  async live(process: HostProcess): Promise<"ended" | "crashed"> {
    // The claim of the process before has to pass.
    await this.#clock?.advance(LEASE + 1);
    try {
      this.#ending = await this.#drive(await this.#begin(process), process);
      return process.hasCrashed() ? "crashed" : "ended";
    } catch (error) {
      if (!process.hasCrashed()) throw error;
      return "crashed";
    } finally {
      await this.#clock?.advance(0);
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

  /** What happened, as it is kept, or as it was told where nothing is kept. */
  async story({ events: load }: HostProcess): Promise<readonly OrchestrationEvent[]> {
    return (await load?.(this.#orchestration as AnyOrchestration, RUN)) ?? this.#told;
  }

  /** What is wrong with the story that is kept: every start has its end, numbers rise, and the end comes once. */
  async storyProblems(process: HostProcess): Promise<string[]> {
    const events = await this.story(process);
    const found = problemsOfStory(events);
    found.push(...((await process.problems?.(RUN, lastEnd(this.#flow))) ?? []));
    const last = events.at(-1);
    if (last === undefined || !isTerminal(last)) found.push("the end does not come last");
    return found;
  }

  async #begin({ host, events: load, resume }: HostProcess): Promise<Run<unknown>> {
    const flow = this.#orchestration as AnyOrchestration;
    const events = await load?.(flow, RUN);
    this.#committed = new Set(
      events?.flatMap(({ type, path }) => (type === "state.completed" ? [path] : [])),
    );
    if (events !== undefined) return resume(flow, RUN);
    const lives = host === undefined ? { clock: this.#clock! } : { host };
    return this.#orchestration.start(this.#flow.input, { ...lives, runId: RUN, grace: GRACE });
  }

  /** Answers what is asked and lets time pass until the run has ended, or the process has crashed. */
  async #drive(run: Run<unknown>, { hasCrashed }: HostProcess): Promise<Ending | undefined> {
    let ending: Ending | undefined;
    run.result.then(
      (output) => {
        ending = { output };
      },
      (error: unknown) => {
        ending = { code: codeOf(error) };
      },
    );
    this.#told = [];
    // In a process that has crashed what happened before cannot be read any more.
    this.#listen(run).catch((error: unknown) => {
      if (!hasCrashed()) throw error;
    });
    void this.#signal(run);
    for (let turn = 0; turn < 1_000 && ending === undefined && !hasCrashed(); turn++) {
      await this.#pass(turn % 2 === 0 ? 0 : 100);
      if (this.#flow.cancel?.(run) === true) void run.cancel("enough");
      const [question] = run.questions;
      if (question === undefined || ending !== undefined) continue;
      const answer = this.#flow.answers?.[question.id];
      if (answer !== undefined) await this.#answer(run, question.id, answer, hasCrashed);
    }
    return ending ?? { code: `never: ${JSON.stringify(run.describe())}` };
  }

  /** An answer counts when the runnable that asks has run again; in a process that has crashed it never does. */
  async #answer(run: Run<unknown>, id: string, answer: unknown, hasCrashed: () => boolean): Promise<void> {
    let isOver = false;
    const answered = run.answer(id, answer).finally(() => {
      isOver = true;
    });
    answered.catch(() => {});
    while (!isOver && !hasCrashed()) await this.#pass(0);
    if (isOver) await answered.catch(forgiveLate);
  }

  /** Sends the signals, in their order. In a process that crashes some of them never arrive, and are sent again by the next. */
  async #signal(run: Run<unknown>): Promise<void> {
    try {
      for (const { kind, value, key } of this.#flow.signals ?? []) await run.signal(kind, value, { key });
    } catch {
      // What became of the run tells whether it had to arrive.
    }
  }

  async #listen(run: Run<unknown>): Promise<void> {
    for await (const event of run.events()) this.#told.push(event);
  }

  async #pass(ms: number): Promise<void> {
    if (this.#clock !== undefined) await this.#clock.advance(ms);
    else await new Promise<void>((resolve) => systemClock.after(ms / 10, resolve));
  }
}

/** The faults of an event stream that can be seen without a second one: numbers, starts and ends. */
function problemsOfStory(events: readonly OrchestrationEvent[]): string[] {
  const found: string[] = [];
  const open = new Set<string>();
  let last = 0;
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
  return found;
}

const LATE: ReadonlySet<unknown> = new Set([
  "ORCH_UNKNOWN_QUESTION",
  "ORCH_ALREADY_ANSWERED",
  "ORCH_QUESTION_CLOSED",
]);

/** An answer may find the run ended. */
function forgiveLate(error: unknown): void {
  if (!LATE.has(codeOf(error))) throw error;
}

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}

/** How a list shows a flow that has ended as it should. */
function lastEnd({ ending }: HostFlow): string {
  if ("output" in ending) return "completed";
  return ending.code === "ORCH_CANCELLED" ? "cancelled" : "failed";
}

function isTerminal({ type }: OrchestrationEvent): boolean {
  return type === "run.completed" || type === "run.failed" || type === "run.cancelled";
}
