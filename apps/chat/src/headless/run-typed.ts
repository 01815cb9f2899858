/** `orch run`: a run with a typed input, without a screen. */
import type { Invocation } from "../config/args.ts";
import type { Doors } from "../process/doors.ts";
import type { Setup } from "../setup/compose.ts";
import { unknownOrchestration } from "../setup/unknown-orchestration.ts";
import { readInput } from "./read-input.ts";
import { type HeadlessOutput, runHeadless } from "./run-headless.ts";

/**
 * Reads the input, runs the orchestration with it and writes its result. Gives the exit code.
 *
 * @throws OrchestrationUnknownError (`ORCH_ORCHESTRATION_UNKNOWN`) before anything is read, and what `readInput` and
 * `runHeadless` throw.
 */
export async function runTyped(
  { input: file, flags }: Extract<Invocation, { command: "run" }>,
  setup: Setup,
  doors: Doors,
  output: HeadlessOutput,
): Promise<number> {
  const { choice, orchestrations } = setup;
  // Who pipes a long input is told of a wrong name at once.
  if (!orchestrations.includes(choice.orchestration))
    throw unknownOrchestration(choice.orchestration, orchestrations);
  const input = await readInput(file, doors);
  const message = typeof input === "string" ? input : JSON.stringify(input, undefined, 2);
  return runHeadless({ message, input, choice }, flags, setup, doors, output);
}
