import type { StateKind } from "../words/events.ts";

/** How one kind of state is drawn. */
export interface StateLook {
  /** The attributes of its box in DOT. */
  readonly dot: readonly string[];
  /** The brackets around its text in Mermaid. */
  readonly mermaid: readonly [before: string, after: string];
  /** What is inside it: states with edges, the one runnable that was chosen, or branches. */
  readonly inside?: "machine" | "chosen" | "branches";
  /** Its branches are the items of a list, so all of them have one place. */
  readonly isList?: true;
}

/** The look of each kind of state. */
export const STATE_LOOKS: Readonly<Record<StateKind, StateLook>> = {
  runnable: { dot: [], mermaid: ["[", "]"] },
  orchestration: { dot: ["shape=box", "peripheries=2"], mermaid: ["[[", "]]"], inside: "machine" },
  each: { dot: ["shape=hexagon"], mermaid: ["{{", "}}"], inside: "branches", isList: true },
  all: { dot: ["shape=hexagon"], mermaid: ["{{", "}}"], inside: "branches" },
  race: { dot: ["shape=hexagon"], mermaid: ["{{", "}}"], inside: "branches" },
  background: { dot: ["shape=hexagon", "style=dashed"], mermaid: ["{{", "}}"], inside: "branches" },
  collect: { dot: ["shape=trapezium"], mermaid: ["[\\", "/]"] },
  exit: { dot: ["shape=cds"], mermaid: [">", "]"], inside: "branches" },
  choose: { dot: ["shape=diamond"], mermaid: ["{", "}"], inside: "chosen" },
  question: { dot: ["shape=parallelogram"], mermaid: ["[/", "/]"] },
  sleep: { dot: ["shape=oval"], mermaid: ["(", ")"] },
  until: { dot: ["shape=cds"], mermaid: [">", "]"] },
};

/** Whether the branches of this kind of state are the items of a list. */
export function isList(kind: StateKind | undefined): boolean {
  return kind !== undefined && STATE_LOOKS[kind].isList === true;
}
