import type { Graph, GraphEdge, GraphNode } from "./graph.ts";

/** Draws a graph as a Mermaid flowchart: start and finishes marked, conditions dotted with `?`, failures labelled. */
export function toMermaid(graph: Graph): string {
  const number = new Map(graph.nodes.map((node, index) => [node.id, `s${index}`]));
  const lines = ["flowchart TD", "  start((start))", "  finish((finish))"];
  for (const node of graph.nodes) lines.push(`  ${number.get(node.id)}${shape(node)}`);
  for (const node of graph.nodes) if (node.start) lines.push(`  start --> ${number.get(node.id)}`);
  for (const edge of graph.edges) {
    lines.push(`  ${number.get(edge.from)} ${arrow(edge)} ${number.get(edge.to)}`);
  }
  for (const node of graph.nodes) if (node.finish) lines.push(`  ${number.get(node.id)} --> finish`);
  return `${lines.join("\n")}\n`;
}

function shape(node: GraphNode): string {
  switch (node.kind) {
    case "each":
      return `[["${text(node.id)}: each ${text(node.branches?.[0]?.id ?? "")}"]]`;
    case "all":
    case "race":
      return `[["${text(node.id)}: ${node.branches?.map((branch) => text(branch.key)).join(" + ")}"]]`;
    case "orchestration":
      return `[/"${text(node.id)}"/]`;
    case "choose":
    case "question":
    case "sleep":
    case "runnable":
      return `["${text(node.id)}"]`;
  }
}

function arrow({ kind, conditional, label }: GraphEdge): string {
  const says = [
    kind === "catch" ? "on failure" : "",
    label === undefined ? "" : text(label),
    conditional ? "?" : "",
  ]
    .filter((part) => part !== "")
    .join(" ");
  const line = conditional || kind === "catch" ? "-.->" : "-->";
  return says === "" ? line : `${line}|"${says}"|`;
}

/** Mermaid reads quotes and brackets as syntax. */
function text(raw: string): string {
  return raw
    .replaceAll("&", "&amp;")
    .replaceAll('"', "&quot;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
