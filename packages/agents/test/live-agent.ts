/**
 * One process of a run of an agent that is killed again and again.
 *
 *     node live-agent.ts FILE LOG [KILL]
 *
 * KILL is `before:3` or `after:3`: before the third write is begun, or when it is on disk. Everything that costs
 * something is a line of the log: `paid TOKEN` for a model's turn, `called TOKEN` for a tool, and `kept VALUE` when
 * the store has acknowledged what came of one of them.
 */
import { appendFileSync } from "node:fs";
import { type Orchestration, orchestration } from "@orch/core";
import type { Append, JournalStore } from "@orch/core/host";
import { DurableHost } from "@orch/core/host";
import { z } from "zod";
import { type SqliteStore, sqliteStore } from "../../sqlite/src/index.ts";
import { scriptedModel } from "../../testing/src/model/scripted-model.ts";
import { agent, agentRunnable, tool } from "../src/index.ts";

/** The turns of the model and the calls of its tools. Every token is in what comes of it, and nowhere else. */
export const TURNS = ["turn-0", "turn-1", "turn-2", "turn-3"] as const;
export const CALLS = ["look-a", "look-b", "remove-c", "look-d"] as const;
const RUN = "run-1";

/** An agent that looks at two things at once, removes one when it may, looks at another, and is done. */
export function agentFlow(log: (line: string) => void): Orchestration<string, string> {
  const look = tool({
    name: "look",
    description: "Looks.",
    input: z.object({ at: z.string() }),
    invoke: ({ at }) => {
      log(`called look-${at}`);
      return `result of look-${at}`;
    },
  });
  const remove = tool({
    name: "remove",
    description: "Removes.",
    input: z.object({ what: z.string() }),
    approve: true,
    invoke: ({ what }) => {
      log(`called remove-${what}`);
      return `result of remove-${what}`;
    },
  });
  const model = scriptedModel(({ messages }) => {
    // A process that comes later knows its turn from the conversation alone.
    const turn = messages.filter(({ role }) => role === "assistant").length;
    log(`paid turn-${turn}`);
    const text = `turn-${turn}`;
    const call = (name: string, input: { readonly [key: string]: string }, number: number) => ({
      name,
      input,
      id: `call-${turn}-${number}`,
    });
    if (turn === 0) return { text, calls: [call("look", { at: "a" }, 1), call("look", { at: "b" }, 2)] };
    if (turn === 1) return { text, calls: [call("remove", { what: "c" }, 1)] };
    if (turn === 2) return { text, calls: [call("look", { at: "d" }, 1)] };
    return text;
  });
  const act = agentRunnable(agent({ name: "actor", model, tools: [look, remove] }));
  return orchestration("flow", (o) => o.start(act).finish(act));
}

/** A store that logs what it has acknowledged, and calls `before` and `after` around every write. */
export function watched(
  own: SqliteStore,
  log: (line: string) => void,
  before: (write: number) => void,
  after: (write: number) => void,
): JournalStore {
  let writes = 0;
  const write = <TResult>(act: () => TResult, batch: readonly Append[]): TResult => {
    writes += 1;
    before(writes);
    const result = act();
    for (const { records } of batch)
      for (const { type, value } of records) if (type === "once") log(`kept ${value}`);
    after(writes);
    return result;
  };
  return {
    ...own,
    create: (run, records, until) => write(() => own.create(run, records, until), []),
    createAll: (all) => write(() => own.createAll!(all), []),
    append: (batch) => write(() => own.append(batch), batch),
    offer: (runId, request, now) => write(() => own.offer(runId, request, now), []),
    keep: (runId, answer, judged) => write(() => own.keep(runId, answer, judged), []),
  };
}

/** Lives one process of the run, to its end; whoever is asked approves. */
export async function liveAgent(store: JournalStore, log: (line: string) => void): Promise<string> {
  const host = new DurableHost(store);
  const flow = agentFlow(log);
  const run =
    (await host.get(RUN)) === undefined
      ? flow.start("go", { host, runId: RUN })
      : await host.resume(flow, RUN);
  let output: string | undefined;
  const done = run.result.then((result) => {
    output = result;
  });
  while (output === undefined) {
    await Promise.race([done, new Promise(setImmediate)]);
    const [asked] = run.questions;
    if (asked !== undefined) await run.answer(asked.id, true).catch(() => {});
  }
  return output;
}

if (process.argv[1] === import.meta.filename) {
  const [file = "", logFile = "", kill = ""] = process.argv.slice(2);
  const [mode, at] = kill.split(":");
  const log = (line: string): void => appendFileSync(logFile, `${line}\n`);
  const dieAt =
    (when: string) =>
    (write: number): void => {
      if (mode !== when || write !== Number(at)) return;
      process.kill(process.pid, "SIGKILL");
      // The signal comes at once; nothing may happen until it does.
      for (;;);
    };
  await liveAgent(watched(sqliteStore(file), log, dieAt("before"), dieAt("after")), log);
  process.exit(0);
}
