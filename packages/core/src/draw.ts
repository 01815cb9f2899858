/** Drawings of orchestrations and of their runs: `@orch/core/draw`. */
export { toDot } from "./graph/dot.ts";
export type { Graph, GraphEdge, GraphNode } from "./graph/graph.ts";
export { toMermaid } from "./graph/mermaid.ts";
export type { DrawOptions } from "./graph/picture.ts";
export { recordRun } from "./graph/record-run.ts";
export type { RecordedEdge, RecordedRun, RecordedState } from "./graph/recorded-run.ts";
export { type TextOptions, toText } from "./graph/text.ts";
