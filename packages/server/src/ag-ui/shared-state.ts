/** The rail as shared state of AG-UI, under `orch` of the state, and as steps. What a page keeps beside `orch` stays as it is. */
import type { Json } from "@orch/core";
import { fieldsOf, textIn } from "../reply/fields.ts";
import { RailChanges } from "../reply/rail-changes.ts";
import type { RailState } from "../reply/rail-state.ts";
import type { PublicEvent } from "../words/public-event.ts";
import type { AgUiEvent } from "./ag-ui-event.ts";

/** How far the turn or the run is. */
export type AgUiStatus = "running" | "waiting" | "completed" | "failed" | "cancelled" | "parked";

/** What stands under `orch` of the state. */
export interface AgUiState {
  /** The turn or the run. */
  readonly id: string;
  readonly status: AgUiStatus;
  /** How far it was told: hand it back with the answers, as clients do with the whole state. */
  readonly after?: string;
  /** The states by their paths. */
  readonly states: { readonly [path: string]: RailState };
}

/** Reads what a client hands back. It is from outside: what does not fit is left out. */
export function stateIn(state: unknown): AgUiState | undefined {
  const { orch } = fieldsOf(state);
  const [id, after] = [textIn(orch, "id"), textIn(orch, "after")];
  if (id === undefined || after === undefined) return undefined;
  const states = Object.values(fieldsOf(fieldsOf(orch)["states"])).filter(isRailState);
  return { id, after, status: "waiting", states: Object.fromEntries(states.map((one) => [one.path, one])) };
}

/** Keeps the state of one turn or run in step with its reader. */
export class SharedState {
  readonly #id: string;
  readonly #known: AgUiState | undefined;
  readonly #rail: RailChanges;
  readonly #steps = new Set<string>();

  constructor(id: string, known: AgUiState | undefined) {
    this.#id = id;
    this.#known = known;
    this.#rail = new RailChanges(Object.values(known?.states ?? {}));
  }

  /** The state as it is at the beginning, around what the page keeps. */
  start(state: unknown): AgUiEvent {
    const orch = { id: this.#id, ...this.#known, status: "running", states: this.#known?.states ?? {} };
    const kept = Array.isArray(state) ? {} : fieldsOf(state);
    return { type: "STATE_SNAPSHOT", snapshot: { ...kept, orch } as unknown as Json };
  }

  /** Whether a state is not told, because it is in a branch of a large fan-out. */
  isFolded(path: string): boolean {
    return this.#rail.isFolded(path);
  }

  /** Gives what an event changes. */
  take(event: PublicEvent): AgUiEvent[] {
    const delta = this.#rail.take(event).map((state) => patch(["states", state.path], state));
    const change: AgUiEvent[] = delta.length === 0 ? [] : [{ type: "STATE_DELTA", delta }];
    if (event.type === "state.started" && !this.isFolded(event.path)) {
      // A state that is tried once more from the beginning has its step already.
      const begun = this.#steps.has(event.path) ? [] : [step("STEP_STARTED", event.path)];
      this.#steps.add(event.path);
      return [...begun, ...change];
    }
    const isEnd = event.type === "state.completed" || event.type === "state.failed";
    return isEnd && this.#steps.delete(event.path) ? [...change, step("STEP_FINISHED", event.path)] : change;
  }

  /** Ends the steps that are open, and says where the turn or the run is. */
  end(status: AgUiStatus, after: string | undefined): AgUiEvent[] {
    const steps = [...this.#steps].reverse().map((path) => step("STEP_FINISHED", path));
    this.#steps.clear();
    const place = after === undefined ? [] : [patch(["after"], after)];
    return [...steps, { type: "STATE_DELTA", delta: [patch(["status"], status), ...place] }];
  }
}

function step(type: "STEP_STARTED" | "STEP_FINISHED", stepName: string): AgUiEvent {
  return { type, stepName };
}

function patch(keys: readonly string[], value: string | RailState) {
  const path = ["orch", ...keys].map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
  return { op: "add", path: path.join(""), value: value as unknown as Json } as const;
}

function isRailState(data: unknown): data is RailState {
  const { startedAt, branches } = fieldsOf(data);
  const hasTexts = ["path", "state", "kind", "status"].every((name) => textIn(data, name) !== undefined);
  const counts = fieldsOf(branches);
  const hasCounts = ["total", "ended", "failed"].every((name) => typeof counts[name] === "number");
  return hasTexts && typeof startedAt === "number" && (branches === undefined || hasCounts);
}
