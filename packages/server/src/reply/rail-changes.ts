/** The states of a run as a rail: each change gives the state as it is now. */
import type {
  PublicEvent,
  PublicStateBase,
  PublicStateFailed,
  PublicStateMoved,
  PublicStateStarted,
} from "../words/public-event.ts";
import type { RailMove, RailState } from "./rail-state.ts";

/** The branches of a larger fan-out are not told one by one: their fan-out counts them. A rail stays small enough for a page. */
const MOST_BRANCHES = 20;

/** A branch: what stands before the first bracket is its fan-out, and what follows the number is in it. */
const BRANCH = /^(.*?)\[\d+\](?:\/([^/]*))?(\/.*)?$/s;

/** Follows what happens to the states of one run. `known` are those that the reader has already. */
export class RailChanges {
  readonly #states: Map<string, RailState>;

  constructor(known: readonly RailState[] = []) {
    this.#states = new Map(known.map((state) => [state.path, state]));
  }

  /** Gives the states that an event changes, as they are then. */
  take(event: PublicEvent): RailState[] {
    switch (event.type) {
      case "state.started":
        return this.#started(event);
      case "state.completed":
        return this.#ended(event, { status: "completed", duration: event.duration });
      case "state.failed":
        return this.#ended(event, failureOf(event));
      case "state.skipped":
        return this.#ended(event, { status: "skipped" });
      case "state.retrying":
        return this.#change(event.path, { status: "retrying", error: event.error });
      case "state.moved":
        return this.#change(event.path, { moved: moveOf(event) });
      case "question.asked":
        return this.#change(event.path, { status: "waiting" });
      case "question.answered":
        return this.#change(event.path, { status: "running" });
      default:
        return [];
    }
  }

  /** Whether a state is not told, because it is in a branch of a large fan-out. */
  isFolded(path: string): boolean {
    return this.#large(path) !== undefined;
  }

  #started(event: PublicStateStarted): RailState[] {
    if (this.isFolded(event.path)) return [];
    const { path, state, kind, time: startedAt, branches } = event;
    const counts = branches !== undefined && { branches: { total: branches, ended: 0, failed: 0 } };
    return this.#set({ path, state, kind, status: "running", startedAt, ...counts });
  }

  #ended(
    { path, state, time }: PublicStateBase,
    end: Pick<RailState, "status" | "duration" | "error">,
  ): RailState[] {
    const counted = this.#countBranch(path, end.status);
    if (this.isFolded(path)) return counted;
    // Only a state that was skipped ends without having begun.
    const begun =
      this.#states.get(path) ?? (end.status === "skipped" ? unstarted(path, state, time) : undefined);
    if (begun === undefined) return counted;
    const { error: _, ...before } = begun;
    return [...this.#set({ ...before, ...end }), ...counted];
  }

  #countBranch(path: string, status: RailState["status"]): RailState[] {
    const [, fanOut = "", , inside] = BRANCH.exec(path) ?? [];
    const branches = this.#states.get(fanOut)?.branches;
    if (branches === undefined || inside !== undefined) return [];
    const { total, ended, failed } = branches;
    const isFailed = status === "failed" || status === "cancelled";
    return this.#change(fanOut, {
      branches: { total, ended: ended + 1, failed: failed + (isFailed ? 1 : 0) },
    });
  }

  /** The outermost large fan-out around a path. */
  #large(path: string): RailState | undefined {
    for (let at = path.indexOf("["); at >= 0; at = path.indexOf("[", at + 1)) {
      const around = this.#states.get(path.slice(0, at));
      if ((around?.branches?.total ?? 0) > MOST_BRANCHES) return around;
    }
    return undefined;
  }

  #change(path: string, change: Partial<RailState>): RailState[] {
    const before = this.#states.get(path);
    return before === undefined ? [] : this.#set({ ...before, ...change });
  }

  #set(state: RailState): RailState[] {
    this.#states.set(state.path, state);
    return [state];
  }
}

function failureOf(event: PublicStateFailed): Pick<RailState, "status" | "duration" | "error"> {
  const { cancelled, duration, error } = event;
  return { status: cancelled ? "cancelled" : "failed", duration, error };
}

function moveOf({ to, cause, label }: PublicStateMoved): RailMove {
  return { to, cause, ...(label !== undefined && { label }) };
}

function unstarted(path: string, state: string, startedAt: number): RailState {
  return { path, state, kind: "runnable", status: "running", startedAt };
}
