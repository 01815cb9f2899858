/** Which states of an orchestration speak by default. */
import type { Graph } from "@orch/core";

/**
 * Tells for an activation's path whether its state finishes the orchestration: on every level a
 * finishing state, and in no branch of a fan-out, because branches would speak at the same time.
 */
export function finishingStates(graph: Graph): (path: string) => boolean {
  return (path) => {
    let level: Graph | undefined = graph;
    for (const step of path.split("/").slice(1)) {
      if (step.includes("[") || level === undefined) return false;
      const id: string = step.replace(/#\d+$/, "");
      const node: Graph["nodes"][number] | undefined = level.nodes.find((one) => one.id === id);
      if (!node?.finish) return false;
      level = node.graph;
    }
    return true;
  };
}
