/** What the editor does not forget: its earlier texts, for undo, and the text that was killed, for yank. */
import type { EditorState } from "./editor-state.ts";

/** Changes that become one step of undo when they follow each other; kills that do so become one text. */
export type EditRun = "typing" | "erasing" | "killing" | "recalling";

/** What the editor can bring back. */
export interface EditorMemory {
  /** Earlier states, oldest first. */
  readonly past: readonly EditorState[];
  /** States that undo took back, the next one last. */
  readonly future: readonly EditorState[];
  /** The last killed text, with its pastes put back; empty when nothing was killed. */
  readonly killed: string;
  /** What the last action did. */
  readonly run?: EditRun;
}

/** Steps of undo that are kept; the oldest go first. */
const MAX_PAST = 200;

const NOTHING: EditorMemory = { past: [], future: [], killed: "" };

/** The memory of a state. */
export function memoryOf(state: EditorState): EditorMemory {
  return state.memory ?? NOTHING;
}

/** The state after a change, which undo can take back. `joins` tells that it goes on with the step before it. */
export function remembered(
  before: EditorState,
  after: EditorState,
  run: EditRun | undefined,
  joins: boolean = run !== undefined && run !== "killing" && memoryOf(before).run === run,
): EditorState {
  const { past, future, killed } = memoryOf(before);
  const kept = { killed, ...(run !== undefined && { run }) };
  if (after.text === before.text) return { ...after, memory: { past, future, ...kept } };
  const longer = joins ? past : [...past, withoutMemory(before)].slice(-MAX_PAST);
  return { ...after, memory: { past: longer, future: [], ...kept } };
}

/** The state after a kill. Kills in a row become one text, in the order in which it stood. */
export function withKilled(
  before: EditorState,
  after: EditorState,
  text: string,
  side: "before" | "after",
): EditorState {
  const { run, killed } = memoryOf(before);
  const earlier = run === "killing" ? killed : "";
  const joined = side === "before" ? text + earlier : earlier + text;
  const next = remembered(before, after, "killing");
  return { ...next, memory: { ...memoryOf(next), killed: joined } };
}

/** The state after a change, with a text to bring back that joins with no other. */
export function withCopied(before: EditorState, after: EditorState, killed: string): EditorState {
  const next = remembered(before, after, undefined);
  return { ...next, memory: { ...memoryOf(next), killed } };
}

/** The state after a text was sent. A draft that lay under a recalled entry comes back with undo. */
export function afterSend(before: EditorState, empty: EditorState): EditorState {
  const draft = before.recall?.draft;
  const past = draft === undefined || draft.text === "" ? [] : [withoutMemory(draft)];
  return { ...empty, memory: { past, future: [], killed: memoryOf(before).killed } };
}

/** The state one step earlier. */
export function undone(state: EditorState): EditorState {
  const { past, future, killed } = memoryOf(state);
  const earlier = past.at(-1);
  if (earlier === undefined) return state;
  const memory = { past: past.slice(0, -1), future: [...future, withoutMemory(state)], killed };
  return { ...earlier, memory };
}

/** The state that the last undo took back. */
export function redone(state: EditorState): EditorState {
  const { past, future, killed } = memoryOf(state);
  const later = future.at(-1);
  if (later === undefined) return state;
  const memory = { past: [...past, withoutMemory(state)], future: future.slice(0, -1), killed };
  return { ...later, memory };
}

function withoutMemory(state: EditorState): EditorState {
  const { memory: _, ...rest } = state;
  return rest;
}
