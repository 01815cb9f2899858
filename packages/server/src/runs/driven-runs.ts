/** The runs that this process drives for its callers: their live events are heard here and nowhere else. */
import { type Clock, isOrchError, type Random, type Run } from "@orch/core";
import { newId } from "@orch/core/doors";
import type { DurableHost, StoredRun } from "@orch/core/host";
import type { OfferedOrchestration, OfferedOrchestrations } from "./offered-orchestration.ts";

/** What a server needs of a host: `DurableHost` is one, over any store. */
export type ServedHost = Pick<
  DurableHost,
  "open" | "capabilities" | "run" | "get" | "events" | "list" | "resume" | "retry" | "fork"
>;

/** A run that is driven here. */
export interface DrivenRun {
  readonly run: Run<unknown>;
  readonly offered: OfferedOrchestration;
  /** Names this opening of the run: the parts of its live events mean something in it alone. */
  readonly life: string;
  /** When it ended; absent while it goes on. */
  endedAt?: number;
}

/** What driving runs needs. */
export interface DrivenRunsParts {
  readonly host: ServedHost;
  readonly offers: OfferedOrchestrations;
  readonly clock: Clock;
  readonly random: Random;
  /** What the ids of this server's runs begin with on the host. */
  readonly front: string;
}

/** How long the live events of a run that ended can be read, in milliseconds, and of how many runs. */
const LINGER = { time: 30_000, runs: 64 };

/** Keeps the runs that are driven here, by their ids on the host. */
export class DrivenRuns {
  readonly #parts: DrivenRunsParts;
  readonly #runs = new Map<string, DrivenRun>();
  readonly #takingUp = new Map<string, Promise<DrivenRun | undefined>>();
  #isParked = false;

  constructor(parts: DrivenRunsParts) {
    this.#parts = parts;
  }

  /** How many go on whose ids begin with `prefix`. */
  count(prefix = ""): number {
    let count = 0;
    for (const [id, { endedAt }] of this.#runs)
      if (endedAt === undefined && id.startsWith(prefix)) count += 1;
    return count;
  }

  get(hostId: string): DrivenRun | undefined {
    return this.#runs.get(hostId);
  }

  /** Starts a run; resolves when it is kept. @throws `ORCH_RUN_EXISTS`. */
  async start(offered: OfferedOrchestration, hostId: string, input: unknown): Promise<void> {
    const { host } = this.#parts;
    const run = offered.orchestration.start(input as never, { host, runId: hostId, onUnheard: false });
    const driven = this.#adopt(run, offered);
    try {
      await run.accepted;
    } catch (error) {
      if (this.#runs.get(hostId) === driven) this.#runs.delete(hostId);
      throw error;
    }
  }

  /** Takes up a run that no process drives; `undefined` when another process does, or it has ended. */
  takeUp(offered: OfferedOrchestration, hostId: string): Promise<DrivenRun | undefined> {
    const driven = this.#runs.get(hostId);
    if (driven !== undefined && driven.endedAt === undefined) return Promise.resolve(driven);
    if (this.#isParked) return Promise.resolve(undefined);
    let taking = this.#takingUp.get(hostId);
    if (taking === undefined) {
      taking = this.#takeUp(offered, hostId).finally(() => this.#takingUp.delete(hostId));
      this.#takingUp.set(hostId, taking);
    }
    return taking;
  }

  async #takeUp(offered: OfferedOrchestration, hostId: string): Promise<DrivenRun | undefined> {
    try {
      const run = await this.#parts.host.resume(offered.orchestration as never, hostId, { onUnheard: false });
      return this.#adopt(run, offered);
    } catch (error) {
      if (isOrchError(error, "ORCH_RUN_HELD")) return undefined;
      throw error;
    }
  }

  /** Takes up those of these runs that are of public orchestrations, and that no process drives. */
  async takeUpAll(
    open: readonly Pick<StoredRun, "runId" | "orchestration">[],
  ): Promise<{ readonly runs: number; readonly problems: readonly unknown[] }> {
    const problems: unknown[] = [];
    let runs = 0;
    for (const { runId, orchestration } of open) {
      if (!runId.startsWith(this.#parts.front)) continue;
      const offered = this.#parts.offers.withId(orchestration);
      if (offered === undefined) continue;
      try {
        if ((await this.takeUp(offered, runId)) !== undefined) runs += 1;
      } catch (error) {
        problems.push(error);
      }
    }
    return { runs, problems };
  }

  /** Lets go of every run that goes on, and takes up no more. They stay on the host. */
  async park(): Promise<void> {
    this.#isParked = true;
    const open = [...this.#runs.values()].filter(({ endedAt }) => endedAt === undefined);
    await Promise.all(open.map(({ run }) => run.suspend().catch(() => {})));
  }

  #adopt(run: Run<unknown>, offered: OfferedOrchestration): DrivenRun {
    const { clock, random } = this.#parts;
    this.#sweep();
    const driven: DrivenRun = { run, offered, life: newId("", clock.now(), random).slice(-16) };
    this.#runs.set(run.id, driven);
    const ended = (): void => {
      driven.endedAt = clock.now();
    };
    run.result.then(ended, ended);
    return driven;
  }

  /** Forgets runs that ended: the oldest ones, and those that ended a while ago. Their journals stay. */
  #sweep(): void {
    const { clock } = this.#parts;
    const ended = [...this.#runs].filter(([, { endedAt }]) => endedAt !== undefined);
    for (const [place, [id, { endedAt }]] of ended.entries()) {
      if (clock.now() - endedAt! > LINGER.time || place < ended.length - LINGER.runs) this.#runs.delete(id);
    }
  }
}
