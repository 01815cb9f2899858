/** A run as a file, in five forms. All of them are made from what was recorded, and none from the screen. */
import type { OrchestrationEvent } from "@orch/core";
import { type Graph, recordRun, toDot, toMermaid } from "@orch/core/draw";
import type { JournalRecord } from "@orch/core/host";
import { safeJson } from "../terminal/safe-text.ts";
import { graphOfRun } from "./graph-of-run.ts";
import { runHtml } from "./run-html.ts";
import { runMarkdown } from "./run-markdown.ts";
import type { RunRecord } from "./run-record.ts";
import type { RunFormat } from "./run-view-state.ts";

/** A run to export. */
export interface ExportedRun {
  readonly run: RunRecord;
  /** Its kept events. */
  readonly events: readonly OrchestrationEvent[];
  /** Its journal, where it is kept. Only JSON has of it what agents keep there: what their models and tools gave. */
  readonly records?: readonly JournalRecord[];
  /** The graph of its definition, where that is at hand. */
  readonly graph: Graph | undefined;
}

/** The ends of file names. */
export const RUN_ENDINGS: Readonly<Record<RunFormat, string>> = {
  md: "md",
  json: "json",
  mermaid: "mmd",
  dot: "dot",
  html: "html",
};

/** Writes a run. JSON has everything that is kept; what people read is cleaned. */
export function exportRun(exported: ExportedRun, format: RunFormat): string {
  const { run, events, records = [] } = exported;
  switch (format) {
    case "md":
      return runMarkdown(run);
    case "json":
      return `${safeJson({ run, events, records: records.filter(({ type }) => type === "once") }, 2)}\n`;
    case "mermaid":
      return toMermaid(graphFor(exported), { run: recordRun(events) });
    case "dot":
      return toDot(graphFor(exported), { run: recordRun(events) });
    case "html":
      return runHtml(run, toMermaid(graphFor(exported), { run: recordRun(events) }));
  }
}

function graphFor({ run, graph }: ExportedRun): Graph {
  return graph !== undefined && (run.orchestration === "" || graph.id === run.orchestration)
    ? graph
    : graphOfRun(run);
}
