import { RunStateError } from "../errors/run-state-error.ts";
import { UnknownRunError } from "../errors/unknown-run-error.ts";
import type { Clock } from "../platform/clock.ts";
import { given } from "../platform/given.ts";
import { checkedSignal, checkKey, refuseFull, sendSignal } from "../run/send-signal.ts";
import type { SignalOptions } from "../words/signal.ts";
import type { Codec } from "./codec.ts";
import type { ForeseenState, Foresight } from "./foresight.ts";
import type { JournalStore } from "./journal-store.ts";
import type { LiveRuns } from "./live-runs.ts";
import type { Offers } from "./offers.ts";
import type { SignalRequest } from "./stored-request.ts";
import type { StoredRuns } from "./stored-runs.ts";
import { isUndecided } from "./undecided.ts";
import type { AnyOrchestration } from "./version-of.ts";

/** What signalling needs of a host. */
export interface RunSignalsParts {
  readonly store: JournalStore;
  readonly live: LiveRuns;
  readonly runs: StoredRuns;
  readonly foresight: Foresight;
  readonly offers: Offers;
  readonly codec: Codec;
  readonly clock: Clock;
}

/** Sends signals to runs, whichever process drives them. */
export class RunSignals {
  readonly #parts: RunSignalsParts;

  constructor(parts: RunSignalsParts) {
    this.#parts = parts;
  }

  /** Resolves when the signal counts: the process that drives the run has taken it, or it is kept for the next one. */
  async send(
    orchestration: AnyOrchestration,
    runId: string,
    name: string,
    value: unknown,
    options: SignalOptions = {},
  ): Promise<void> {
    if (await this.#here(runId, name, value, options)) return;
    const { store, foresight, offers, clock } = this.#parts;
    for (;;) {
      const { read, foreseen, made } = await foresight.look(orchestration, runId);
      const signal = await this.#judged(runId, foreseen, name, value, options);
      if (signal === "known") return;
      const judged = { records: read.count, requests: made, now: clock.now() };
      const number = await store.keep(runId, signal, judged);
      if (typeof number === "number") return;
      if (number === "unknown") throw new UnknownRunError({ runId });
      // Another process drives it and takes it; where that one ended meanwhile, what it left is judged again.
      if (number === "held" && (await offers.make(runId, signal)) === "taken") return;
    }
  }

  /** The same with a definition whose schemas are not known: only the process that drives the run can take the signal. */
  async offer(
    orchestration: AnyOrchestration,
    runId: string,
    name: string,
    value: unknown,
    options: SignalOptions = {},
  ): Promise<void> {
    if (await this.#here(runId, name, value, options)) return;
    const { runs, offers } = this.#parts;
    const read = await runs.look(orchestration, runId);
    const signal = await this.#judged(runId, read.folded, name, value, options);
    if (signal === "known" || (await offers.make(runId, signal)) === "taken") return;
    throw new RunStateError(
      { runId, status: read.stored.status },
      `No process drives the run "${runId}", and without its orchestration the schema of the signal is not known.`,
      `Give the orchestration "${read.stored.orchestration}" as the second argument: host.run(id, orchestration).`,
    );
  }

  /** Sends it to the run in this process. Gives false when it is not driven here, or not any more. */
  async #here(runId: string, name: string, value: unknown, options: SignalOptions): Promise<boolean> {
    const live = this.#parts.live.get(runId);
    if (live === undefined) return false;
    try {
      await sendSignal(live.target(), name, value, options);
      return true;
    } catch (error) {
      // This process stopped driving the run before it had taken it.
      if (!isUndecided(error)) throw error;
      await live.over;
      return false;
    }
  }

  /** A signal that fits, as it is kept; `known` when the run has received it before. */
  async #judged(
    runId: string,
    { run }: Pick<ForeseenState, "run">,
    name: string,
    value: unknown,
    { key }: SignalOptions,
  ): Promise<SignalRequest | "known"> {
    const { codec, clock } = this.#parts;
    checkKey(key);
    const target = { runId, run };
    const { kind } = await checkedSignal(target, name, value);
    if (run.root.attached?.mailbox?.knows({ name, key }) === true) return "known";
    refuseFull(target, kind, { name, key });
    const json = codec.encode(value, `the value of the signal "${name}"`) ?? null;
    return { type: "signal", signal: name, value: json, at: clock.now(), ...given({ key }) };
  }
}
