/** Drives kept flows and conversations with a clock that stands still, so that the same code tells the same. */
import type { Orchestration, OrchestrationEvent, Run } from "@orch/core";
import type { ManualClock } from "@orch/testing";
import { type KeptFlow, keeperOf } from "./flows.ts";
import type { Modules } from "./modules.ts";

type AnyOrchestration = Orchestration<unknown, unknown>;

/** How a run ended, and all that it told. */
export interface Told {
  readonly ending: { readonly output: unknown } | { readonly code: unknown };
  readonly events: readonly OrchestrationEvent[];
}

const START = 1_767_225_600_000;
/** When the second process comes. */
const LATER = START + 3_600_000;
/** No name of a machine goes into a file that stays. */
const OWNER = { self: { pid: 1, host: "kept", startedAt: "" }, token: "kept", runs: () => false };

/** Runs a flow in memory. */
export async function tellInMemory(modules: Modules, flow: KeptFlow): Promise<Told> {
  const clock = modules.testing.manualClock(START);
  const random = modules.testing.seededRandom(1);
  const orchestration = flow.make(modules) as AnyOrchestration;
  const run = orchestration.start(flow.input, { runId: flow.name, clock, random });
  return told(run, clock, flow);
}

/**
 * Runs a flow once so that all its code is loaded: what is loaded with the first call takes a time of the machine's, in which a
 * clock that is moved would run away.
 */
export async function warm(modules: Modules, flow: KeptFlow): Promise<void> {
  const clock = modules.testing.manualClock(START);
  const run = (flow.make(modules) as AnyOrchestration).start(flow.input, { clock });
  let ended = false;
  void codeOf(run).then(() => {
    ended = true;
  });
  while (!ended) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    await clock.advance(100);
    const [question] = run.questions;
    if (question !== undefined && !ended)
      await run.answer(question.id, flow.answers?.[question.id] ?? flow.answer);
  }
}

/** Runs a flow on a database: to its end, or until it is let go of. Gives what it told until then. */
export async function keep(modules: Modules, flow: KeptFlow, file: string): Promise<Told> {
  const clock = modules.testing.manualClock(START);
  const host = hostOn(modules, file, clock);
  const orchestration = flow.make(modules) as AnyOrchestration;
  const run = orchestration.start(flow.input, { runId: flow.name, host });
  const { parkedAfter } = flow;
  const events = listen(run);
  try {
    if (parkedAfter === undefined) return await told(run, clock, flow);
    await passing(clock, parkedAfter);
    const suspended = run.suspend();
    await passing(clock, 200);
    await suspended;
    return { ending: { code: await codeOf(run) }, events: await events };
  } finally {
    const closed = host.close();
    await passing(clock, 0);
    await closed;
  }
}

/** Goes on with a run that an earlier process left on a database, to its end; gives all events, the earlier ones too. */
export async function goOn(modules: Modules, flow: KeptFlow, file: string): Promise<Told> {
  const clock = modules.testing.manualClock(LATER);
  const host = hostOn(modules, file, clock);
  const orchestration = flow.make(modules) as Orchestration<never, unknown>;
  try {
    const { ending } = await told(await host.resume(orchestration, flow.name), clock, flow);
    return { ending, events: await host.events(orchestration, flow.name) };
  } finally {
    const closed = host.close();
    await passing(clock, 0);
    await closed;
  }
}

function hostOn({ sqlite, testing }: Modules, file: string, clock: ManualClock) {
  return sqlite.sqliteHost(file, { clock, random: testing.seededRandom(1), owner: OWNER });
}

/** Answers what is asked and lets time pass until the run has ended. */
async function told(run: Run<unknown>, clock: ManualClock, flow: KeptFlow): Promise<Told> {
  const events = listen(run);
  let ended = false;
  const ending = run.result.then(
    (output) => ({ output }),
    (error: unknown) => ({ code: (error as { readonly code?: unknown }).code }),
  );
  void ending.then(() => {
    ended = true;
  });
  const began = clock.now();
  for (let turn = 0; turn < 1_000 && !ended; turn++) {
    await clock.advance(turn % 2 === 0 ? 0 : 100);
    const { cancelledAfter } = flow;
    if (cancelledAfter !== undefined && clock.now() - began >= cancelledAfter) void run.cancel("enough");
    const [question] = run.questions;
    if (question === undefined || ended) continue;
    const answer = flow.answers?.[question.id] ?? flow.answer;
    if (answer === undefined) throw new TypeError(`${flow.name} has no answer to ${question.id}`);
    await run.answer(question.id, answer);
  }
  return { ending: await ending, events: await events };
}

async function listen(run: Run<unknown>): Promise<OrchestrationEvent[]> {
  const events: OrchestrationEvent[] = [];
  for await (const event of run.events()) events.push(event);
  return events;
}

async function passing(clock: ManualClock, time: number): Promise<void> {
  for (let passed = 0; passed <= time; passed += 100) {
    await clock.advance(0);
    await clock.advance(passed < time ? 100 : 0);
  }
}

function codeOf(run: Run<unknown>): Promise<unknown> {
  return run.result.then(
    () => "none",
    (error: unknown) => (error as { readonly code?: unknown }).code,
  );
}

/** What a conversation told, and the session as text. */
export interface Conversation {
  readonly events: readonly unknown[];
  readonly session: string;
}

/** As a file keeps it. How long a tool took is told by the machine's clock, and left out. */
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, one: unknown) => {
    const isTool = (one as { readonly type?: unknown } | null)?.type === "tool.completed";
    return isTool ? { ...(one as object), duration: 0 } : one;
  }) as unknown;
}

/** The id of the session that is kept. */
export const SESSION = "session-kept";

/** Sends messages to an agent that calls tools and asks; the session lives in a database. `at` is a minute. */
export async function converse(
  modules: Modules,
  file: string,
  messages: readonly string[],
  at: number,
): Promise<Conversation> {
  const { chat, sessions, testing } = modules;
  const clock = testing.manualClock(START + at * 60_000);
  const store = sessions.sqliteSessions({ file, clock, owner: OWNER });
  const options = { store, sessionId: SESSION, clock, random: testing.seededRandom(at + 1) };
  const runtime = new chat.ChatRuntime(chat.agentRuntime(keeperOf(modules)), options);
  const events: unknown[] = [];
  for (const message of messages) {
    const turn = runtime.send(message);
    for await (const event of turn) {
      events.push(event);
      if (event.type === "question.asked") await turn.answer(event.question, true);
    }
  }
  await runtime.close();
  const session = chat.exportSession((await store.load(SESSION))!, "jsonl");
  await store.close();
  return { events, session };
}
