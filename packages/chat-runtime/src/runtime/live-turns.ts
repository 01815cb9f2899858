/** The turns that are being answered: at most one in the foreground, and any number in the background. */
import { TurnBusyError } from "../errors/turn-busy-error.ts";
import type { LiveTurn } from "../turn/live-turn.ts";

/** The live turns of one session. */
export class LiveTurns {
  readonly #sessionId: string;
  readonly #behind = new Map<string, LiveTurn>();
  #front: LiveTurn | undefined;

  constructor(sessionId: string) {
    this.#sessionId = sessionId;
  }

  /** The one in the foreground. */
  get front(): LiveTurn | undefined {
    return this.#front;
  }

  get all(): readonly LiveTurn[] {
    return [...(this.#front ? [this.#front] : []), ...this.#behind.values()];
  }

  isBehind(id: string): boolean {
    return this.#behind.has(id);
  }

  /** @throws TurnBusyError while a turn is in the foreground. */
  checkFree(): void {
    if (this.#front) throw new TurnBusyError({ sessionId: this.#sessionId, turnId: this.#front.id });
  }

  begin(live: LiveTurn): void {
    this.#front = live;
  }

  /** Gives the id of the turn that is in the background now; `undefined` where none can be. */
  background(): string | undefined {
    const live = this.#front;
    if (live === undefined || live.cancelReason !== undefined || live.isSuspended) return undefined;
    this.#behind.set(live.id, live);
    this.#front = undefined;
    return live.id;
  }

  /** Gives whether there is such a turn in the background. @throws TurnBusyError. */
  foreground(id: string): boolean {
    const live = this.#behind.get(id);
    if (live === undefined) return false;
    this.checkFree();
    this.#behind.delete(id);
    this.#front = live;
    return true;
  }

  /** Lets go of all of them, and resolves when they have ended. */
  async suspend(): Promise<void> {
    const { all } = this;
    for (const live of all) live.suspend();
    await Promise.all(all.map(({ ended }) => ended));
  }

  ended(live: LiveTurn): void {
    if (this.#front === live) this.#front = undefined;
    this.#behind.delete(live.id);
  }
}
