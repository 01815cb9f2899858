import { errorData } from "../errors/error-data.ts";
import { OptionError } from "../errors/option-error.ts";
import { RunExistsError } from "../errors/run-exists-error.ts";
import { SuspendedError } from "../errors/suspended-error.ts";
import { given } from "../platform/given.ts";
import type { RunDescription } from "../run/describe.ts";
import type { History, RunHandle, RunSpec, RunStage } from "../run/host.ts";
import type { Ending } from "../run/pump.ts";
import type { OpenQuestion } from "../run/questions.ts";
import type { IfExists, RunStatus } from "../run/run.ts";
import type { RunRefused } from "../words/events.ts";
import type { AnySignalKind, SignalOptions } from "../words/signal.ts";
import type { LiveRuns } from "./live-runs.ts";
import type { TakeUp } from "./take-up.ts";
import type { AnyOrchestration } from "./version-of.ts";

/** What an opening needs of its host. */
export interface OpeningParts {
  readonly live: LiveRuns;
  readonly takeUp: TakeUp;
  /** Makes a new run ready. */
  readonly create: (spec: RunSpec) => RunHandle;
}

const IF_EXISTS: readonly IfExists[] = ["refuse", "resume", "retry"];

/** Makes a run ready as `ifExists` of its options says. */
export function openingOf(spec: RunSpec, parts: OpeningParts): RunHandle {
  const { ifExists = "refuse" } = spec.options;
  if (!IF_EXISTS.includes(ifExists)) {
    throw new OptionError("ifExists", ifExists, '"refuse", "resume" or "retry"');
  }
  return ifExists === "refuse" ? parts.create(spec) : new Opening(spec, parts);
}

/**
 * A run that is started, or, where its id is taken, taken up as it stands. The store decides which, by the write that
 * creates the run. A run that this process drives already is joined: it has the same end.
 */
class Opening implements RunHandle {
  readonly id: string;
  readonly #spec: RunSpec;
  readonly #parts: OpeningParts;
  readonly #first: RunHandle;
  /** The run as far as it is known now. */
  #at: RunHandle;
  #refusal: RunRefused | undefined;
  /** Why it was cancelled before it was taken up. */
  #cancelled: string | undefined;
  #isOpen = false;
  #isSuspended = false;

  constructor(spec: RunSpec, parts: OpeningParts) {
    const { write } = spec;
    // Whether the run is refused is not known before it could not be taken up either.
    const hear: RunSpec["write"] =
      write &&
      ((event) => {
        if (event.type === "run.refused") this.#refusal = event;
        else write(event);
      });
    this.#spec = spec;
    this.#parts = parts;
    this.#first = parts.create({ ...spec, write: hear });
    this.#at = this.#first;
    this.id = this.#first.id;
  }

  get history(): History | undefined {
    return this.#at.history;
  }

  start(ending: Ending): void {
    const accepted = (): void => {
      this.#isOpen = true;
      ending.accepted?.();
    };
    const failed = (error: unknown): void => {
      if (!this.#isOpen && error instanceof RunExistsError) {
        this.#goOn({ ...ending, accepted, ended: (end) => ending.ended(end), failed: refuse }).catch(refuse);
      } else refuse(error);
    };
    const refuse = (error: unknown): void => {
      if (!this.#isOpen && this.#refusal !== undefined) {
        this.#spec.write?.({ ...this.#refusal, error: errorData(error) });
      }
      ending.failed(error);
    };
    this.#first.start({ accepted, ended: (end) => ending.ended(end), failed });
  }

  cancel(reason: string): void {
    this.#cancelled ??= reason;
    this.#at.cancel(reason);
  }

  answer(id: string, value: unknown): Promise<void> {
    return this.#at.answer(id, value);
  }

  signal(kind: AnySignalKind, value: unknown, options?: SignalOptions): Promise<void> {
    return this.#at.signal(kind, value, options);
  }

  questions(): readonly OpenQuestion[] {
    return this.#at.questions();
  }

  stage(): RunStage {
    return this.#at.stage();
  }

  describe(status: RunStatus): RunDescription {
    return this.#at.describe(status);
  }

  awaited<TOutput>(output: Promise<TOutput>): Promise<TOutput> {
    return this.#first.awaited?.(output) ?? output;
  }

  async suspend(): Promise<void> {
    // What is still being taken up is let go of when it is here.
    this.#isSuspended = true;
    await this.#at.suspend?.();
  }

  async #goOn(ending: Ending): Promise<void> {
    const { live, takeUp } = this.#parts;
    let ifExists = this.#spec.options.ifExists;
    do {
      const driven = live.get(this.id);
      if (driven === undefined) continue;
      this.#enter(driven);
      ending.accepted?.();
      await driven.over;
      if (!(await takeUp.hasEnded(this.id))) throw new SuspendedError({ runId: this.id });
      // Who joined a run has its end, and does not try it again.
      ifExists = "resume";
    } while (!(await takeUp.inTurn(this.id, () => this.#take(ending, ifExists))));
  }

  /** Takes the run up; gives false when it turns out that this process drives it. */
  async #take(ending: Ending, ifExists: IfExists | undefined): Promise<boolean> {
    const { runnable, options, write } = this.#spec;
    const { live, takeUp } = this.#parts;
    if (live.get(this.id) !== undefined) return false;
    if (this.#isSuspended) throw new SuspendedError({ runId: this.id });
    const open = await takeUp.again(runnable as AnyOrchestration, this.id, {
      ...options,
      ...given({ ifExists }),
    });
    this.#enter(open(write ?? (() => {})));
    this.#at.start(ending);
    if (this.#isSuspended) await this.#at.suspend?.();
    return true;
  }

  #enter(run: RunHandle): void {
    this.#at = run;
    if (this.#cancelled !== undefined) run.cancel(this.#cancelled);
  }
}
