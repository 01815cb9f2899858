/** Which states of an orchestration speak for the whole. */
import type { Graph } from "@orch/core";

/**
 * Tells for a path whether its state finishes the orchestration: on every level a finishing state, and in no branch of a
 * fan-out, because branches speak at the same time.
 */
export function finishingPath(graph: Graph): (path: string) => boolean {
  return (path) => {
    let level: Graph | undefined = graph;
    for (const step of path.split("/").slice(1)) {
      if (step.includes("[") || level === undefined) return false;
      const node: Graph["nodes"][number] | undefined = level.nodes.find(
        ({ id }) => id === step.replace(/#\d+$/, ""),
      );
      if (node?.finish !== true) return false;
      level = node.graph;
    }
    return true;
  };
}
