/** The walks that need no screen. Run by `scripts/walks.ts` in a process of its own, with the checkout's path. */
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Agent } from "@orch/agents";
import type { Orchestration } from "@orch/core";
import type { Carrier, Carriers } from "./carriers.ts";
import { Counter, type Tally } from "./tally.ts";

/** The functions on the way to one call, as a stack trace shows them. */
export interface Frames {
  readonly frames: number;
  readonly files: number;
  /** Outermost last, as `function file`. */
  readonly list: readonly string[];
}

/** What {@link walkEngine} measures. */
export interface EngineWalks {
  readonly firstInvoke: Frames;
  readonly secondInvoke: Frames;
  /** In memory. */
  readonly threeStates: Tally;
  /** The same three states in SQLite. */
  readonly durable: Tally;
  /** One message to `ChatRuntime` with one tool call, without an adapter, a screen and a store. */
  readonly turn: Tally;
  readonly toolCall: Frames;
}

/** The way of a tool call through the agents' sources. */
export interface CallWay {
  /** From the model's first event to the tool's own function. */
  readonly there: readonly Carrier[];
  /** The same, and on to the model's next request. */
  readonly whole: readonly Carrier[];
  readonly forms: readonly string[];
}

const checkout = process.argv[2] ?? process.cwd();
const door = createRequire(join(checkout, "package.json"));

/** Loads a package of the checkout by its name. The types are those of this tree. */
async function load<TModule>(name: string): Promise<TModule> {
  return (await import(pathToFileURL(door.resolve(name)).href)) as TModule;
}

/** The stack here, of one package's sources only. Functions that await the callee count too. */
function framesIn(name: string): Frames {
  Error.stackTraceLimit = Number.POSITIVE_INFINITY;
  const folder = join(checkout, "packages", name, "src/");
  const lines = new Error("here").stack!.split("\n").filter((line) => line.includes(folder));
  const list = lines.map((line) => line.replace(/^\s*at /, "").replace(`file://${folder}`, ""));
  return {
    frames: list.length,
    files: new Set(list.map((line) => /\(?([^\s(]+?):\d+:\d+\)?$/.exec(line)?.[1])).size,
    list,
  };
}

const { orchestration, runnable } = await load<typeof import("@orch/core")>("@orch/core");
const { sqliteHost } = await load<typeof import("@orch/sqlite")>("@orch/sqlite");
const agents = await load<typeof import("@orch/agents")>("@orch/agents");
const { agentRuntime, ChatRuntime } = await load<typeof import("@orch/chat-runtime")>("@orch/chat-runtime");
const { z } = await load<typeof import("zod")>("zod");
const { scriptedModel } = await load<typeof import("@orch/testing")>("@orch/testing");

const CALL = "call_marlin";

function threeStates(seen: (at: string) => void = () => {}): Orchestration<number, number> {
  const state = (id: string) =>
    runnable(id, async (n: number) => {
      seen(id);
      return n + 1;
    });
  const [a, b, c] = [state("a"), state("b"), state("c")];
  return orchestration("line", (o) => o.start(a).advance(a, b).advance(b, c).finish(c));
}

async function walkEngine(): Promise<EngineWalks> {
  const stacks = new Map<string, Frames>();
  await threeStates((id) => stacks.set(id, framesIn("core"))).run(1);
  let toolCall: Frames | undefined;
  const caller = callingAgent({
    invoked: () => {
      toolCall ??= framesIn("agents");
    },
  });
  await agents.runAgent(caller, "look");

  const flow = threeStates();
  // Everything once before: what is made once and kept is not of the walk.
  await flow.run(1);
  const host = sqliteHost(join(tmpdir(), `orch-walk-${process.pid}.db`));
  await flow.run(1, { host, runId: "before" });
  const runtime = new ChatRuntime(agentRuntime(caller));
  for await (const _ of runtime.send("look"));

  const counter = new Counter(checkout);
  await flow.run(1);
  const memory = counter.take().all;
  await flow.run(1, { host, runId: "counted" });
  const durable = counter.take().all;
  for await (const _ of runtime.send("look"));
  // The scripted model is of the tests.
  const { all, rooms } = counter.take();
  const turn = without(all, rooms["packages/testing"]);
  await runtime.close();
  await host.close();
  return {
    firstInvoke: stacks.get("a")!,
    secondInvoke: stacks.get("b")!,
    threeStates: memory,
    durable,
    turn,
    toolCall: toolCall!,
  };
}

function without(all: Tally, part: Tally | undefined): Tally {
  const { files = 0, functions = 0, calls = 0 } = part ?? {};
  return { files: all.files - files, functions: all.functions - functions, calls: all.calls - calls };
}

/** An agent whose model calls its tool once for each message. */
function callingAgent(heard: {
  readonly invoked: () => void;
  readonly asked?: (call: number) => void;
}): Agent {
  const look = agents.tool({
    name: "look",
    description: "looks",
    input: z.object({}),
    invoke: () => {
      heard.invoked();
      return "seen";
    },
  });
  const model = scriptedModel((_request, call) => {
    heard.asked?.(call);
    return call % 2 === 0 ? { calls: [{ name: "look", input: {}, id: CALL }] } : "It is seen.";
  });
  return agents.agent({ name: "looker", instructions: "Look.", model, tools: [look] });
}

/** Follows a tool call; the preload has rewritten the sources. */
async function walkCall(carriers: Carriers): Promise<CallWay> {
  let there: Carrier[] = [];
  const inAgents = () =>
    [...carriers.found.values()].filter(({ file }) => file.includes("/packages/agents/"));
  const caller = callingAgent({
    invoked: () => {
      there = inAgents();
    },
    asked: (call) => carriers.follow(call === 0 ? CALL : undefined),
  });
  await agents.runAgent(caller, "look");
  return { there, whole: inAgents(), forms: [...carriers.forms] };
}

const carriers = (globalThis as { __orchCarriers?: Carriers }).__orchCarriers;
process.stdout.write(JSON.stringify(carriers === undefined ? await walkEngine() : await walkCall(carriers)));
process.exit();
