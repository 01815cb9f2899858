/**
 * An encounter: two things happen to one run, and the first of them stops at one call of its store until the second is done or
 * rests. Whatever the two are and wherever they meet, each hears how it went, and the run ends or rests.
 */
import type { Orchestration, OrchestrationEvent, Run } from "@orch/core";
import { DurableHost, type JournalStore } from "@orch/core/host";
import { type ManualClock, manualClock } from "@orch/testing";
import { wellFormed } from "../well-formed.ts";
import { type EncounterFlow, encounterFlows, paid, TIME } from "./encounter-flows.ts";
import type { Command, Encounter, Told } from "./encounter-words.ts";
import { type HeldStore, heldStore } from "./held-store.ts";

const LEASE = 30_000;
/** Nothing of a command waits longer, in milliseconds: it is looked for requests after 250, and for verdicts after 50. */
const SOON = 320;

/** What a command may be told, beside that it went well. */
const REFUSALS: ReadonlySet<string> = new Set([
  "ORCH_RUN_ENDED",
  "ORCH_RUN_HELD",
  "ORCH_RUN_STATE",
  "ORCH_RUN_EXISTS",
  "ORCH_UNKNOWN_RUN",
  "ORCH_UNKNOWN_SIGNAL",
  "ORCH_UNKNOWN_QUESTION",
  "ORCH_ALREADY_ANSWERED",
  "ORCH_QUESTION_CLOSED",
  "ORCH_SUSPENDED",
  "ORCH_FENCED",
  "ORCH_CANCELLED",
]);

/** Two hosts on one store, and what they drive. */
class World {
  readonly clock: ManualClock = manualClock();
  readonly store: JournalStore;
  readonly held: HeldStore;
  readonly heldThere: HeldStore;
  readonly here: DurableHost;
  readonly there: DurableHost;
  readonly at: EncounterFlow;
  readonly runs: Run<unknown>[] = [];
  readonly problems: string[] = [];
  readonly #options: { readonly durability: Encounter["level"]; readonly lease: number };

  constructor(store: JournalStore, encounter: Encounter) {
    this.store = store;
    this.#options = { durability: encounter.level, lease: LEASE };
    this.held = heldStore(store, encounter.call, encounter.isLate);
    this.heldThere = heldStore(
      store,
      encounter.isOneHost ? undefined : encounter.secondCall,
      encounter.isLate,
    );
    this.here = this.host(this.held.store);
    this.there = this.host(this.heldThere.store);
    this.at = encounterFlows(this.clock)[encounter.flow]!;
  }

  host(store: JournalStore): DurableHost {
    return new DurableHost(store, { ...this.#options, clock: this.clock });
  }

  get flow(): Orchestration<undefined, unknown> {
    return this.at.flow;
  }

  add(run: Run<unknown>): Run<unknown> {
    this.runs.push(run);
    return run;
  }

  begin(host: DurableHost): Run<unknown> {
    return this.add(this.flow.start(undefined, { host, runId: "r", grace: 5, onUnheard: false }));
  }
}

/** Holds one encounter on an empty store. */
export async function meet(encounter: Encounter, store: JournalStore): Promise<Told> {
  const world = new World(store, encounter);
  const { held, heldThere, clock } = world;
  await prepare(world, encounter.place);
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
  for (const it of told) if (!isAllowed(it)) world.problems.push(it);
  await judge(world, encounter, one.said, other.said);
  return { problems: world.problems, isMet, outcome: told.join(", ") };
}

async function prepare(world: World, place: Encounter["place"]): Promise<void> {
  const { clock, here, there, store } = world;
  if (place === "here" || place === "there") {
    world.begin(place === "here" ? here : there);
    await clock.advance(0);
    return;
  }
  const run = world.begin(world.host(store));
  await clock.advance(0);
  if (place === "ended") await run.cancel("before");
  else if (place === "parked") await run.suspend();
  else {
    const status = await store.get("r");
    // Its process is gone, and its claim runs out.
    const claim = await store.claim("r", clock.now() + LEASE, clock.now());
    if (claim.kind !== "claimed" || status === undefined) throw new Error("nothing crashed");
    await run.suspend();
  }
}

/** Does what a command does, and gives what there is to wait for. */
async function perform(world: World, command: Command, host: DurableHost, name: string): Promise<unknown> {
  const { flow, at, clock, store } = world;
  switch (command) {
    case "answer":
      return host.answer(flow, "r", at.question ?? "f/none#1", `a${name}`);
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

interface Settling {
  said: string;
}

/** How a command went: `yes`, the code of its refusal, or `nothing` as long as it has not heard. */
function settling(work: Promise<unknown>): Settling {
  const told: Settling = { said: "nothing" };
  work.then(
    () => {
      told.said = "yes";
    },
    (error: unknown) => {
      told.said = (error as { code?: string }).code ?? String(error);
    },
  );
  return told;
}

const isTold = ({ said }: Settling): boolean => said !== "nothing";

function isAllowed(told: string): boolean {
  const said = told.slice(told.indexOf(" ") + 1);
  return said === "yes" || REFUSALS.has(said);
}

/** Lets all that happens at once happen. */
async function turn(): Promise<void> {
  for (let count = 0; count < 3; count++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** What has to hold when both commands are over. */
async function judge(world: World, encounter: Encounter, one: string, other: string): Promise<void> {
  const { clock, store, problems, flow } = world;
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
  const last = world.host(store);
  for (const id of ids) await end(world, last, id);
  const results = world.runs.map(({ result }) => settling(result));
  await clock.advance(SOON);
  results.forEach((it, index) => {
    const said = it.said;
    if (said === "nothing") problems.push(`the result of run ${index} of ${world.runs.length} is open`);
    else if (!isAllowed(`r: ${said}`)) problems.push(`the result of a run is ${said}`);
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

/** Takes a run up until it has ended, as the next process would. */
async function end(world: World, host: DurableHost, id: string): Promise<void> {
  const { flow, clock, store, problems } = world;
  const stored = await store.get(id);
  if (stored === undefined) return;
  if (stored.status === "running" || stored.status === "waiting") {
    try {
      const run = await host.resume(flow, id, { grace: 5, onUnheard: false });
      const result = settling(run.result);
      await clock.advance(4 * TIME);
      if (result.said === "nothing") problems.push(`${id} does not end: ${run.status}`);
    } catch (error) {
      problems.push(`${id} cannot be taken up: ${String(error)}`);
      return;
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
    const has = events.some((event) => event.type === "question.answered" && event.answer === `a${name}`);
    if (!has) world.problems.push(`the answer a${name} counts and is lost`);
  } else if (command === "cancel") {
    if (!isCancelled) world.problems.push("a cancellation counts, and the run is not cancelled");
  } else if (command === "signal") {
    const has = events.some((event) => event.type === "signal.received" && event.key === `k${name}`);
    // One that was kept for the next process may find that the run ends without it.
    if (!has && !isCancelled) world.problems.push(`the signal s${name} counts and is lost`);
  }
}
