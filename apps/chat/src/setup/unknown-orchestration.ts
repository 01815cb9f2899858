import { nearestName } from "@orch/agents";
import { OrchestrationUnknownError } from "../errors/orchestration-unknown-error.ts";

/** The error for a name that no orchestration has, with the nearest that one has. */
export function unknownOrchestration(name: string, known: readonly string[]): OrchestrationUnknownError {
  const nearest = nearestName(name, known);
  return new OrchestrationUnknownError({
    orchestration: name,
    known,
    ...(nearest !== undefined && { nearest }),
  });
}
