/** What has to hold when an encounter is over. */
import type { OrchestrationEvent } from "@orch/core";
import type { DurableHost } from "@orch/core/host";
import { wellFormed } from "../well-formed.ts";
import type { Encounter } from "./encounter-words.ts";
import { SOON, settling, type World } from "./encounter-world.ts";
import { TIME } from "./waiting-parts.ts";

/** What has to hold when both commands are over. */
export async function judge(world: World, encounter: Encounter, one: string, other: string): Promise<void> {
  const { clock, store, problems } = world;
  // All that waits has its time, so a run that is driven ends.
  await clock.advance(4 * TIME);
  const ids = ["r", "fork1", "fork2"];
  for (const id of ids) {
    const stored = await store.get(id);
    if (stored?.holder === undefined || stored.holder.until <= clock.now()) continue;
    problems.push(
      `${id} is held and is ${stored.status}: ${(await store.load(id))?.map(({ type }) => type)}`,
    );
  }
  const last = world.host();
  const { flow } = await end(world, last, "r");
  for (const id of ids.slice(1)) await end(world, last, id);
  const results = world.runs.map(({ result }) => settling(result));
  await clock.advance(SOON);
  results.forEach((it, index) => {
    const said = it.said;
    if (said === "nothing") problems.push(`the result of run ${index} of ${world.runs.length} is open`);
    else if (said !== "ORCH_DEADLINE" && !world.allows(`r: ${said}`))
      problems.push(`the result of a run is ${said}`);
  });
  const isDeleted = [encounter.first, encounter.second].includes("delete");
  if (!isDeleted) {
    const events = await last.events(flow, "r");
    const told = { first: one, second: other } as const;
    for (const which of ["first", "second"] as const) {
      if (told[which] === "yes") kept(world, encounter, which, events);
    }
  }
  await Promise.all([world.here.close(), world.there.close(), last.close()]);
  await clock.advance(0);
  const open = [...(await store.openRequests())];
  if (open.length > 0) problems.push(`requests are open: ${JSON.stringify(open)}`);
  if (clock.pending() > 0) problems.push(`${clock.pending()} timers are left`);
}

/** Takes a run up until it has ended, as the next process would. Gives the definition that could. */
async function end(world: World, host: DurableHost, id: string): Promise<{ flow: World["flow"] }> {
  const { clock, store, problems } = world;
  let flow = world.last;
  const stored = await store.get(id);
  if (stored === undefined) return { flow };
  if (stored.status === "running" || stored.status === "waiting") {
    const options = { grace: 5, onUnheard: false } as const;
    try {
      const run = await host.resume(flow, id, options).catch((error: unknown) => {
        // The new definition leaves an answer that counts to the old one.
        if (!world.isMigrated || (error as { code?: string }).code !== "ORCH_UNUSED_ANSWER") throw error;
        flow = world.flow;
        return host.resume(flow, id, options);
      });
      const result = settling(run.result);
      await clock.advance(4 * TIME);
      if (result.said === "nothing") problems.push(`${id} does not end: ${run.status}`);
    } catch (error) {
      problems.push(`${id} cannot be taken up: ${String(error)}`);
      return { flow };
    }
  }
  const events = await host.events(flow, id);
  const wrong = wellFormed(events.map((event, index) => ({ ...event, seq: index + 1 })));
  for (const it of wrong) problems.push(`${id}: ${it}`);
  const numbers = events.map(({ seq }) => seq);
  if (numbers.some((seq, index) => index > 0 && seq <= numbers[index - 1]!))
    problems.push(`${id}: ${numbers}`);
  const status = (await store.get(id))?.status;
  const ended = events.at(-1)?.type;
  if (ended !== `run.${status}`) problems.push(`${id} is ${status}, and its events end with ${ended}`);
  return { flow };
}

/** What a command was promised that went well. */
function kept(
  world: World,
  encounter: Encounter,
  which: "first" | "second",
  events: readonly OrchestrationEvent[],
): void {
  const name = which === "first" ? "1" : "2";
  const isCancelled = events.some(({ type }) => type === "run.cancelled");
  const command = encounter[which];
  if (command === "answer") {
    const has = events.some(
      (event) => event.type === "question.answered" && JSON.stringify(event.answer).includes(`"a${name}"`),
    );
    if (!has) world.problems.push(`the answer a${name} counts and is lost`);
  } else if (command === "cancel") {
    if (!isCancelled) world.problems.push("a cancellation counts, and the run is not cancelled");
  } else if (command === "signal") {
    const has = events.some((event) => event.type === "signal.received" && event.key === `k${name}`);
    if (!has && !isCancelled) world.problems.push(`the signal s${name} counts and is lost`);
  }
}
