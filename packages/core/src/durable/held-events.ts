import type { OrchestrationEvent } from "../words/events.ts";

/** Where an event stands in its run. */
type Position = Pick<OrchestrationEvent, "seq" | "part">;

/** Holds the events of a run back until their records are on disk. */
export class HeldEvents {
  readonly #deliver: ((event: OrchestrationEvent) => void) | undefined;
  #held: OrchestrationEvent[] = [];
  #told: Position;

  /** `told`: the number of the event that was told last. */
  constructor(deliver: ((event: OrchestrationEvent) => void) | undefined, told: number) {
    this.#deliver = deliver;
    this.#told = { seq: told };
  }

  /** The position of the event that was told last. */
  get told(): Position {
    return this.#told;
  }

  hold(event: OrchestrationEvent): void {
    this.#held.push(event);
  }

  /** Drops the events that were not told. */
  drop(): void {
    this.#held = [];
  }

  /** Tells those up to number `limit`. */
  release(limit: number): void {
    const held = this.#held;
    if (held.length === 0) return;
    const isAll = held.at(-1)!.seq <= limit;
    this.#held = isAll ? [] : held.filter(({ seq }) => seq > limit);
    for (const event of isAll ? held : held.filter(({ seq }) => seq <= limit)) {
      this.#told = event;
      this.#deliver?.(event);
    }
  }
}
