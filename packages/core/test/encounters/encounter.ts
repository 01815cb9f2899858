/**
 * An encounter: two things happen to one run, and the first of them stops at one call of its store until the second is done or
 * rests. Whatever the two are and wherever they meet, each hears how it went, and the run ends or rests.
 */
import type { DurableHost } from "@orch/core/host";
import { type Before, before } from "./encounter-before.ts";
import { judge } from "./encounter-end.ts";
import type { Ground } from "./encounter-ground.ts";
import type { Command, Encounter, Told } from "./encounter-words.ts";
import { isTold, LEASE, SOON, settling, World } from "./encounter-world.ts";
import { paid, TIME } from "./waiting-parts.ts";

/** Holds one encounter on ground where nothing is. */
export async function meet(encounter: Encounter, ground: Ground): Promise<Told> {
  const left = await before(encounter, ground);
  const world = new World(ground, encounter, left);
  const { held, heldThere, clock } = world;
  await enter(world, encounter.place, left);
  const second = encounter.isOneHost ? world.here : world.there;
  held.arm();
  heldThere.arm();
  const one = settling(perform(world, encounter.first, world.here, "1"));
  if (encounter.turns === undefined) await turn();
  else for (let count = 0; count < encounter.turns; count++) await undefined;
  const other = settling(perform(world, encounter.second, second, "2"));
  await turn();
  const isMet =
    (encounter.call === undefined || held.held() !== undefined) &&
    (encounter.secondCall === undefined || encounter.isOneHost || heldThere.held() !== undefined);
  held.letGo();
  await turn();
  heldThere.letGo();
  await clock.advance(0);
  if (!isTold(one) || !isTold(other)) await clock.advance(SOON);
  const told = [`${encounter.first}: ${one.said}`, `${encounter.second}: ${other.said}`];
  for (const it of told) if (!world.allows(it)) world.problems.push(it);
  await judge(world, encounter, one.said, other.said);
  await world.store.close();
  await ground.end();
  return { problems: world.problems, isMet, outcome: told.join(", ") };
}

async function enter(world: World, place: Encounter["place"], left: Before): Promise<void> {
  const { clock, here, there, store } = world;
  if (place === "here" || place === "there") {
    world.begin(place === "here" ? here : there);
    await clock.advance(0);
  } else if (place === "crashed") {
    const status = await store.get("r");
    // Its process is gone, and its claim runs out.
    const claim = await store.claim("r", clock.now() + LEASE, clock.now());
    if (claim.kind !== "claimed" || status === undefined) throw new Error("nothing crashed");
    await left.end();
  }
}

/** Does what a command does, and gives what there is to wait for. */
async function perform(world: World, command: Command, host: DurableHost, name: string): Promise<unknown> {
  const { flow, at, clock, store } = world;
  switch (command) {
    case "answer": {
      const question = (name === "2" ? at.other : undefined) ?? at.question ?? "f/none#1";
      return host.answer(flow, "r", question, at.says?.(`a${name}`) ?? `a${name}`);
    }
    case "cancel":
      return host.cancel(flow, "r", `c${name}`);
    case "close":
      return host.close();
    case "deadline":
      return clock.advance(TIME);
    case "delete":
      return host.delete("r");
    case "fork":
      return void world.add(
        await host.fork(flow, "r", { before: at.open, runId: `fork${name}`, grace: 5, onUnheard: false }),
      );
    case "look": {
      const seen = host.run("r", flow);
      return Promise.all([seen.questions(), seen.describe(), host.events(flow, "r"), seen.status()]);
    }
    case "lose": {
      // Another process takes the run over, and crashes.
      const claim = await store.claim("r", clock.now() + 2 * LEASE, clock.now());
      return claim.kind;
    }
    case "migrate":
      return void world.add(await host.resume(world.last, "r", { grace: 5, onUnheard: false }));
    case "resume":
      return void world.add(await host.resume(flow, "r", { grace: 5, onUnheard: false }));
    case "retry":
      return void world.add(await host.retry(flow, "r", { grace: 5, onUnheard: false }));
    case "signal":
      return host.signal(flow, "r", paid, `s${name}`, { key: `k${name}` });
    case "start":
      return world.add(
        flow.start(undefined, { host, runId: "r", ifExists: "resume", grace: 5, onUnheard: false }),
      ).accepted;
    case "suspend":
      return Promise.all(world.runs.map((run) => run.suspend()));
  }
}

/** Lets all that happens at once happen. */
async function turn(): Promise<void> {
  for (let count = 0; count < 3; count++) await new Promise<void>((resolve) => setImmediate(resolve));
}
