/** Claims of runs: one store of one process drives a run until it releases the claim, the claim expires, or it ends. */
import type { Clock } from "@orch/core";
import type { StoredRun } from "@orch/core/host";
import type { OwnerDoor } from "../database/owner.ts";

/** Who drives a run, as others see it. */
type Holder = NonNullable<StoredRun["holder"]>;

/** What a run's row says of its claim. */
export interface ClaimColumns {
  /** The number of the last claim. */
  readonly epoch: number;
  /** The store that holds the claim. This and the next columns are `null` when no process drives the run. */
  readonly token: string | null;
  readonly pid: number | null;
  readonly host: string | null;
  readonly process_started_at: string | null;
  readonly until: number | null;
  /** The boot of the machine on which the claim was made, and when it ends by the clock that runs since then; `null` where that is not known. */
  readonly boot: string | null;
  readonly until_on_boot: number | null;
}

/** The columns of a run that no process drives, without its epoch. */
export const UNCLAIMED: Omit<ClaimColumns, "epoch"> = {
  token: null,
  pid: null,
  host: null,
  process_started_at: null,
  until: null,
  boot: null,
  until_on_boot: null,
};

/** The most claims of a run, so that its epochs never meet the epochs of the next run. */
const CLAIMS_OF_A_RUN = 2 ** 20;

/** The two clocks are read one after the other, so a smaller difference between them is no step of the wall clock; in milliseconds. */
const SMALLEST_STEP = 1_000;

/** The epoch of the first claim on a run. Numbers of runs are never given twice, so no epoch is, for one id. */
export function firstEpoch(run: number): number {
  return run * CLAIMS_OF_A_RUN;
}

/** Claims, as one store makes and sees them. */
export class Claims {
  readonly #owner: OwnerDoor;

  readonly #clock: Clock;

  constructor(owner: OwnerDoor, clock: Clock) {
    this.#owner = owner;
    this.#clock = clock;
  }

  /** A claim of this store. */
  mine(epoch: number, until: number): ClaimColumns {
    const { self, token } = this.#owner;
    return {
      epoch,
      token,
      pid: self.pid,
      host: self.host,
      process_started_at: self.startedAt,
      ...this.term(until),
    };
  }

  /** When a claim ends: by the wall clock, and by the clock of the machine's boot, which no setting moves. */
  term(until: number): Pick<ClaimColumns, "until" | "boot" | "until_on_boot"> {
    const { boot } = this.#owner;
    const left = until - this.#clock.now();
    // A time of another clock than the store's cannot be turned into one since the boot.
    if (boot === undefined || left <= 0) return { until, boot: null, until_on_boot: null };
    return { until, boot: boot.id, until_on_boot: boot.now() + left };
  }

  /** Who drives a run at `now`; without a time a claim that has run out still shows. */
  holderOf(row: ClaimColumns, now?: number): Holder | undefined {
    const { token, pid, host, process_started_at: startedAt } = row;
    const until = this.#end(row);
    if (token === null || pid === null || host === null || startedAt === null || until === null) return;
    if (now !== undefined && until <= now) return;
    if (!this.#lives(token, pid, host, startedAt)) return;
    return { name: `process ${pid} on ${host}`, until };
  }

  /** When a claim ends, by the wall clock as it stands now. Of another machine, or of another boot, its own wall clock said so. */
  #end({ until, boot, until_on_boot }: ClaimColumns): number | null {
    const here = this.#owner.boot;
    if (until_on_boot === null || boot !== here?.id) return until;
    const end = this.#clock.now() + (until_on_boot - here.now());
    return until !== null && Math.abs(end - until) < SMALLEST_STEP ? until : end;
  }

  /** Whether a process of another machine still runs cannot be asked; there the time of the claim decides. */
  #lives(holding: string, pid: number, host: string, startedAt: string): boolean {
    const { token, self, runs } = this.#owner;
    return holding === token || host !== self.host || runs({ pid, host, startedAt });
  }
}
