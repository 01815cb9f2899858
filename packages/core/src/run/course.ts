import { isOrchError } from "../errors/orch-error.ts";
import type { Ended } from "../kernel/activation.ts";
import { endOfTurn } from "../platform/clock.ts";
import type { Ending } from "./pump.ts";
import type { RunStatus } from "./run.ts";

/** How a run ended, for its caller. */
export type RunEnd = Extract<RunStatus, "completed" | "failed" | "cancelled" | "refused">;

/** How far a run has come, for its caller: whether it was accepted, and how it ended. The first end counts. */
export class Course implements Ending {
  readonly result: Promise<unknown>;
  readonly #resolve: (output: unknown) => void;
  readonly #reject: (error: unknown) => void;
  #end: RunEnd | undefined;
  /** The first word about it counts. */
  #verdict: { readonly isAccepted: true } | { readonly isAccepted: false; readonly why: unknown } | undefined;
  /** Made when somebody asks. */
  #acceptance: PromiseWithResolvers<void> | undefined;

  /** Told why the run failed when nobody has asked about it. */
  #unheard: ((error: unknown) => void) | undefined;

  constructor(unheard?: (error: unknown) => void) {
    this.#unheard = unheard;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    promise.catch(() => {});
    this.result = promise;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Somebody asked about the run. */
  heard(): this {
    this.#unheard = undefined;
    return this;
  }

  /** How the run ended; `undefined` while it goes on. */
  get end(): RunEnd | undefined {
    return this.#end;
  }

  /** Resolves when the run is accepted, and rejects when it is refused. */
  get acceptance(): Promise<void> {
    this.#acceptance ??= Promise.withResolvers();
    const { promise } = this.#acceptance;
    promise.catch(() => {});
    this.#tellAcceptance();
    return promise;
  }

  /** The run is kept, or has begun. */
  accepted(): void {
    this.#verdict ??= { isAccepted: true };
    this.#tellAcceptance();
  }

  ended(ended: Ended): void {
    if (this.#end !== undefined) return;
    this.#end = ended.kind;
    if (ended.kind === "cancelled") this.#refused(ended.error);
    else this.accepted();
    if (ended.kind === "completed") this.#resolve(ended.value);
    else this.#reject(ended.error);
    if (ended.kind === "failed") this.#tellUnheard(ended.error);
  }

  failed(error: unknown): void {
    if (this.#end !== undefined) return;
    this.#refused(error);
    this.#end = this.#verdict?.isAccepted === true ? "failed" : "refused";
    this.#reject(error);
    // Who suspends a run knows of it.
    if (!isOrchError(error, "ORCH_SUSPENDED")) this.#tellUnheard(error);
  }

  /** Later, because the caller may ask in the same turn. */
  #tellUnheard(error: unknown): void {
    if (this.#unheard !== undefined) endOfTurn(() => this.#unheard?.(error));
  }

  #refused(why: unknown): void {
    this.#verdict ??= { isAccepted: false, why };
    this.#tellAcceptance();
  }

  #tellAcceptance(): void {
    if (this.#verdict === undefined) return;
    if (this.#verdict.isAccepted) this.#acceptance?.resolve();
    else this.#acceptance?.reject(this.#verdict.why);
  }
}
