/** Drawings of orchestrations and of their runs: `@orch/core/draw`. */
export { toDot } from "./draw/dot.ts";
export { toMermaid } from "./draw/mermaid.ts";
export type { DrawOptions } from "./draw/picture.ts";
export { recordRun } from "./draw/record-run.ts";
export type {
  RecordedEdge,
  RecordedQuestion,
  RecordedRun,
  RecordedState,
  RecordedStatus,
  RecordedWait,
} from "./draw/recorded-run.ts";
export { type TextOptions, toText } from "./draw/text.ts";
export type { Graph, GraphBranch, GraphEdge, GraphInside, GraphNode } from "./words/graph.ts";
