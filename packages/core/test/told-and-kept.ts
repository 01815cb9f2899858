/** Drives a run and gathers what its readers were told, over all the processes that drive it. */
import type { Orchestration, OrchestrationEvent, Run } from "@orch/core";
import type { DurableHost } from "@orch/core/host";
import type { ManualClock } from "@orch/testing";

/** A run that is driven by a test. */
export interface Driven {
  readonly flow: Orchestration<number, unknown>;
  readonly clock: ManualClock;
  /** Everything that readers were told, in order. */
  readonly told: OrchestrationEvent[];
}

/** The events that are kept of a run. */
export function kept(events: readonly OrchestrationEvent[]): OrchestrationEvent[] {
  return events.filter(({ part }) => part === undefined);
}

/** Reads on from what was told so far, drives the run for at most `steps` timers or answers, and gives whether it ended. */
export async function drive(
  { clock, told }: Driven,
  run: Run<unknown>,
  steps = Number.POSITIVE_INFINITY,
  then: "suspend" | "cancel" = "suspend",
): Promise<boolean> {
  let isOver = false;
  const from = (told.at(-1)?.seq ?? 0) + 1;
  const reading = (async () => {
    for await (const event of run.events({ from })) told.push(event);
  })();
  const ended = run.result.then(
    () => true,
    () => true,
  );
  void ended.then(() => {
    isOver = true;
  });
  await clock.advance(0);
  for (let step = 0; step < steps && !isOver; step++) {
    const [question] = run.questions;
    if (question !== undefined && step % 2 === 0) await run.answer(question.id, step);
    else if (!(await clock.runNext()) && question === undefined) break;
    await clock.advance(0);
  }
  if (!isOver && then === "cancel") {
    const cancelled = run.cancel("enough");
    await clock.advance(1_000);
    await cancelled;
  } else if (!isOver) await run.suspend();
  await reading;
  return (
    isOver &&
    (await run.result.then(
      () => true,
      (error: { code?: string }) => error.code !== "ORCH_SUSPENDED",
    ))
  );
}

/** Drives a run to its end, with a new process after every `steps` steps. */
export async function live(
  driven: Driven,
  host: () => DurableHost,
  first: Run<unknown>,
  steps = Number.POSITIVE_INFINITY,
): Promise<readonly OrchestrationEvent[]> {
  let run = first;
  for (let lives = 0; lives < 100; lives++) {
    if (await drive(driven, run, steps)) break;
    run = await host().resume(driven.flow, first.id);
  }
  return host().events(driven.flow, first.id);
}
