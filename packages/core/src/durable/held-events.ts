import type { OrchestrationEvent } from "../words/events.ts";

/** Where an event stands in its run. */
type Position = Pick<OrchestrationEvent, "seq" | "part">;

/** Holds the events of a run back until their records are on disk. */
export class HeldEvents {
  readonly #deliver: ((event: OrchestrationEvent) => void) | undefined;
  #held: OrchestrationEvent[] = [];
  #told: Position;
  /** The run, while it is told to be paused. */
  #paused: { readonly runId: string; readonly path: string } | undefined;

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
    this.#paused = undefined;
  }

  /** Tells at once that the store is locked or full, and the run waits for it; once until it goes on. */
  pause(runId: string, path: string, reason: string, time: number): void {
    if (this.#paused !== undefined) return;
    this.#paused = { runId, path };
    this.#tell({ type: "run.paused", ...this.#nextPart(), time, runId, path, reason });
  }

  /** Tells that the run goes on after a pause. */
  goOn(time: number): void {
    const paused = this.#paused;
    if (paused === undefined) return;
    this.#paused = undefined;
    this.#tell({ type: "run.continued", ...this.#nextPart(), time, ...paused });
  }

  /** Tells those up to number `limit`. */
  release(limit: number): void {
    const held = this.#held;
    // They are in the order of their numbers.
    if (held.length === 0 || held[0]!.seq > limit) return;
    const isAll = held.at(-1)!.seq <= limit;
    const end = isAll ? held.length : held.findIndex(({ seq }) => seq > limit);
    this.#held = isAll ? [] : held.slice(end);
    for (const event of isAll ? held : held.slice(0, end)) {
      const { seq, part } = event;
      // A pause that was told meanwhile took the number of a live event.
      const isTaken = part !== undefined && seq === this.#told.seq && part <= (this.#told.part ?? 0);
      this.#tell(isTaken ? renumbered(event, this.#nextPart()) : event);
    }
  }

  #tell(event: OrchestrationEvent): void {
    this.#told = event;
    this.#deliver?.(event);
  }

  /** The position of a live event that is told now. */
  #nextPart(): Required<Position> {
    const { seq, part = 0 } = this.#told;
    return { seq, part: part + 1 };
  }
}

function renumbered(event: OrchestrationEvent, { part }: Required<Position>): OrchestrationEvent {
  return { ...event, part } as OrchestrationEvent;
}
