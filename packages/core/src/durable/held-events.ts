import type { OrchestrationEvent } from "../words/events.ts";

/** Holds the events of a run back until their records are on disk. */
export class HeldEvents {
  readonly #deliver: ((event: OrchestrationEvent) => void) | undefined;
  #held: OrchestrationEvent[] = [];
  #told: number;

  /** `told`: the number of the event that was told last. */
  constructor(deliver: ((event: OrchestrationEvent) => void) | undefined, told: number) {
    this.#deliver = deliver;
    this.#told = told;
  }

  /** The number of the event that was told last. */
  get told(): number {
    return this.#told;
  }

  hold(event: OrchestrationEvent): void {
    this.#held.push(event);
  }

  /** Drops the events that were not told. */
  drop(): void {
    this.#held = [];
  }

  /** Tells all. */
  release(): void {
    const held = this.#held;
    if (held.length === 0) return;
    this.#held = [];
    for (const event of held) {
      this.#told = event.seq;
      this.#deliver?.(event);
    }
  }
}
