/** Turns that go on with a fork of an earlier turn's run. */
import { agent, textOf } from "@orch/agents";
import { orchestration, question, runnable } from "@orch/core";
import { memoryHost } from "@orch/core/host";
import { scriptedModel } from "@orch/testing";
import { expect, it } from "vitest";
import { z } from "zod";
import {
  agentRuntime,
  ChatRuntime,
  memorySessions,
  orchestrationRuntime,
  type TurnRecord,
} from "../src/index.ts";

/** Doubles a number, then adds one. */
function sums() {
  const ran: string[] = [];
  const double = runnable({
    id: "double",
    input: z.number(),
    invoke: (value: number) => {
      ran.push(`double ${value}`);
      return value * 2;
    },
  });
  const add = runnable("add", (value: number) => {
    ran.push(`add ${value}`);
    return value + 1;
  });
  const flow = orchestration("sums", (o) => o.start(double).advance(double, add).finish(add));
  const configuration = orchestrationRuntime(flow, {
    toInput: ({ text }) => Number(text),
    toMessage: String,
  });
  return { configuration, ran };
}

it("forks a turn with an edited value, as a new turn of the conversation", async () => {
  const [host, store] = [memoryHost(), memorySessions()];
  const { configuration, ran } = sums();
  await using runtime = new ChatRuntime(configuration, { store, host, sessionId: "s" });
  expect(textOf(await runtime.invoke("3"))).toBe("7");
  const [source] = runtime.session!.turns as [TurnRecord];

  const fork = await runtime.fork(source, { after: "sums/double#1", output: 10 });
  expect(textOf((await fork.reply).message)).toBe("11");
  expect(ran).toEqual(["double 3", "add 6", "add 10"]);
  const again = await runtime.fork(source, { before: "sums/double#1", input: 5 });
  expect(textOf((await again.reply).message)).toBe("11");
  const { turns } = runtime.session!;
  expect(turns.map(({ messages }) => messages.map(textOf))).toEqual([
    ["3", "7"],
    ["3", "11"],
    ["3", "11"],
  ]);
  expect(turns.map(({ labels }) => labels?.["forkOf"])).toEqual([undefined, source.id, source.id]);
  expect(await host.get(fork.id)).toMatchObject({ status: "completed", origin: { runId: source.id } });
});

it("refuses a value that does not fit before there is a turn", async () => {
  const { configuration } = sums();
  await using runtime = new ChatRuntime(configuration, { host: memoryHost() });
  await runtime.invoke("3");
  const [source] = runtime.session!.turns as [TurnRecord];
  await expect(runtime.fork(source, { before: "sums/double#1", input: "three" })).rejects.toMatchObject({
    code: "ORCH_INVALID_INPUT",
  });
  await expect(runtime.fork(source, { before: "sums/none#1" })).rejects.toMatchObject({
    code: "ORCH_RUN_STATE",
  });
  expect(runtime.session!.turns).toHaveLength(1);
  expect(runtime.busy).toBe(false);
});

it("needs a host that keeps runs", async () => {
  const { configuration } = sums();
  await using runtime = new ChatRuntime(configuration);
  await runtime.invoke("3");
  const [source] = runtime.session!.turns as [TurnRecord];
  await expect(runtime.fork(source, { before: "sums/double#1" })).rejects.toMatchObject({
    code: "ORCH_RUNTIME_SETUP",
  });
});

it("gives the run of an agent the conversation of then, also a fork of a fork", async () => {
  const model = scriptedModel(["a", "b", "c", "d"]);
  const configuration = agentRuntime(agent({ name: "helper", model }));
  await using runtime = new ChatRuntime(configuration, { host: memoryHost() });
  await runtime.invoke("one");
  await runtime.invoke("two");
  const first = await runtime.fork(runtime.session!.turns[0]!, { before: "helper/helper#1" });
  expect(textOf((await first.reply).message)).toBe("c");
  const second = await runtime.fork(runtime.session!.turns[2]!, { before: "helper/helper#1" });
  expect(textOf((await second.reply).message)).toBe("d");
  expect(model.requests.map(({ messages }) => messages.map(textOf))).toEqual([
    ["one"],
    ["one", "a", "two"],
    ["one"],
    ["one"],
  ]);
});

it("tells what a fork asks while it waits, takes the answer, and stops when it is told to", async () => {
  const approve = question("approve", { ask: (text: string) => `${text}?`, answer: z.boolean() });
  const flow = orchestration("asking", (o) => o.start(approve).finish(approve));
  const configuration = orchestrationRuntime(flow, { toInput: ({ text }) => text, toMessage: String });
  await using runtime = new ChatRuntime(configuration, { host: memoryHost() });
  const first = runtime.send("go");
  for await (const event of first)
    if (event.type === "question.asked") await first.answer(event.question, true);
  const [source] = runtime.session!.turns as [TurnRecord];
  const fork = await runtime.fork(source, { before: "asking/approve#1" });
  for await (const event of fork)
    if (event.type === "question.asked") await fork.answer(event.question, false);
  expect(textOf((await fork.reply).message)).toBe("false");
  const other = await runtime.fork(source, { before: "asking/approve#1" });
  for await (const event of other) if (event.type === "question.asked") void other.cancel("enough");
  await expect(other.reply).rejects.toMatchObject({
    code: "ORCH_TURN_CANCELLED",
    facts: { reason: "enough" },
  });
});
