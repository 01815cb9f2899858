/** Tells in lines what a screen shows by drawing: what began, what still works, and when it is the user's turn. */

import type { RailEntry, RailState } from "../rail/rail-entry.ts";
import { duration } from "../terminal/duration.ts";
import { type SafeText, safe } from "../terminal/safe-text.ts";
import type { AppState } from "./app-state.ts";

/** The facts that are told. */
export interface NarratedFacts {
  readonly app: Pick<AppState, "phase" | "armed" | "queue">;
  /** Of the turn that runs. */
  readonly rail?: RailState;
  readonly now: number;
}

/** What is to be said before and after what was printed meanwhile. */
export interface Narration {
  readonly before: readonly SafeText[];
  readonly after: readonly SafeText[];
}

/** How long something works before that is said again, in milliseconds. */
const STILL = 30_000;

/** Remembers what was told. */
export class Narrator {
  /** When each state of the turn was told of last. */
  readonly #told = new Map<string, number>();
  #began: number | undefined;
  /** Whether the program said that it is ready; after that it says so when a turn has ended. */
  #isReady = false;
  #armed: AppState["armed"];
  #queued = 0;
  #paused: SafeText | undefined;

  /** What there is to tell since the last time. */
  tell({ app, rail, now }: NarratedFacts): Narration {
    const before = rail === undefined ? [] : [...this.#states(rail, now), ...this.#pause(rail)];
    return { before, after: [...this.#keys(app), ...this.#turn(app, rail, now)] };
  }

  #states(rail: RailState, now: number): readonly SafeText[] {
    this.#began ??= now;
    return [...rail.entries.values()]
      .filter(({ parent }) => parent === undefined)
      .flatMap((entry): readonly SafeText[] => {
        const last = this.#told.get(entry.path);
        const isDue =
          last === undefined ||
          (entry.endedAt === undefined && entry.status !== "waiting" && now - last >= STILL);
        if (!isDue) return [];
        this.#told.set(entry.path, now);
        return [last === undefined ? begun(entry) : still(entry, now)];
      });
  }

  /** That the run waits for its store, once. */
  #pause({ paused }: RailState): readonly SafeText[] {
    const isNew = paused !== undefined && paused !== this.#paused;
    this.#paused = paused;
    return isNew ? [safe`${paused} The run waits, and goes on by itself.`] : [];
  }

  /** What a second press of a key does, and that something waits. */
  #keys({ armed, queue }: NarratedFacts["app"]): readonly SafeText[] {
    const said: SafeText[] = [];
    if (armed === "quit" && this.#armed !== "quit") said.push(safe`Ctrl-C again to quit`);
    if (queue.length > this.#queued) said.push(safe`queued: ${queue.length} waiting`);
    this.#armed = armed;
    this.#queued = queue.length;
    return said;
  }

  #turn({ phase }: NarratedFacts["app"], rail: RailState | undefined, now: number): readonly SafeText[] {
    const began = this.#began;
    if (phase !== "idle" || rail !== undefined || (this.#isReady && began === undefined)) return [];
    this.#isReady = true;
    this.#began = undefined;
    this.#told.clear();
    return [began === undefined ? safe`ready` : safe`ready, after ${duration(now - began)}`];
  }
}

function begun({ name, branches, visit }: RailEntry): SafeText {
  const again = visit > 1 ? safe` for the ${visit}. time` : safe``;
  return branches > 0
    ? safe`${name} started${again}, ${branches} side by side`
    : safe`${name} started${again}`;
}

function still({ name, startedAt, branches, done }: RailEntry, now: number): SafeText {
  const part = branches > 0 ? safe`, ${done} of ${branches} done` : safe``;
  return safe`${name} still working ${duration(now - startedAt)}${part}`;
}
