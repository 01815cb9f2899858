/** Turns that go on in the background while the conversation goes on. */
import { textOf } from "@orch/agents";
import { orchestration, question, runnable } from "@orch/core";
import { memoryHost } from "@orch/core/host";
import { expect, it } from "vitest";
import { z } from "zod";
import { ChatRuntime, memorySessions, type RuntimeConfiguration } from "../src/index.ts";

/** Answers with what was said before it; a text that begins with "slow" waits until it is released. */
function echo() {
  const slow = Promise.withResolvers<void>();
  const seen: string[][] = [];
  const configuration: RuntimeConfiguration = {
    name: "echo",
    labels: { model: "none" },
    invoke: async ({ history, text }) => {
      seen.push([...history.map(textOf), text]);
      if (text.startsWith("slow")) await slow.promise;
      return {
        message: {
          role: "assistant",
          content: [{ type: "text", text: `re ${text}` }],
          origin: { provider: "p", api: "a", model: "m" },
          finish: { reason: "stop" },
        },
      };
    },
  };
  return { configuration, seen, release: slow.resolve };
}

it("joins the conversation in the place where it was asked, as soon as it has its answer", async () => {
  const { configuration, seen, release } = echo();
  const store = memorySessions();
  await using runtime = new ChatRuntime(configuration, { store, sessionId: "s" });
  expect(runtime.background()).toBeUndefined();
  await runtime.invoke("one");
  const slow = runtime.send("slow");
  expect(runtime.background()).toBe(slow.id);
  expect(runtime.busy).toBe(false);
  await runtime.invoke("two");
  expect(runtime.apart).toBeUndefined();
  release();
  await slow.reply;
  await runtime.invoke("three");
  expect(seen).toEqual([
    ["one"],
    ["one", "re one", "slow"],
    ["one", "re one", "two"],
    ["one", "re one", "slow", "re slow", "two", "re two", "three"],
  ]);
  const said = (turns: readonly { messages: readonly Parameters<typeof textOf>[0][] }[]): string[] =>
    turns.map(({ messages }) => textOf(messages[0]!));
  expect(said(runtime.session!.turns)).toEqual(["one", "slow", "two", "three"]);
  expect(said((await store.load("s"))!.turns)).toEqual(["one", "slow", "two", "three"]);
  expect(runtime.session!.turns.every(({ labels }) => labels?.["model"] === "none")).toBe(true);
});

it("comes back to the foreground, and only one may be there", async () => {
  const { configuration, release } = echo();
  await using runtime = new ChatRuntime(configuration);
  const first = runtime.send("slow 1");
  runtime.background();
  const second = runtime.send("slow 2");
  expect(() => runtime.foreground(first.id)).toThrow(expect.objectContaining({ code: "ORCH_TURN_BUSY" }));
  runtime.background();
  expect(runtime.foreground(first.id)).toBe(true);
  expect(runtime.busy).toBe(true);
  release();
  await Promise.all([first.reply, second.reply]);
  expect(runtime.foreground(second.id)).toBe(false);
  expect(runtime.busy).toBe(false);
});

it("is left where it is with the others, and gone on with by its id; what was cancelled elsewhere is stopped", async () => {
  const approve = question("approve", { ask: (text: string) => `${text}?`, answer: z.boolean() });
  const done = runnable("done", (yes: boolean) => (yes ? "yes" : "no"));
  const flow = orchestration("flow", (o) => o.start(approve).advance(approve, done).finish(done));
  const configuration: RuntimeConfiguration = {
    name: "flow",
    orchestration: flow as never,
    toInput: ({ text }) => text,
    toMessage: (said: string) => said,
  };
  const [store, host] = [memorySessions(), memoryHost()];
  const before = new ChatRuntime(configuration, { store, host, sessionId: "s" });
  const turns = ["a", "b", "c"].map((text) => {
    const turn = before.send(text);
    before.background();
    return turn;
  });
  for (const turn of turns) for await (const event of turn) if (event.type === "run.waiting") break;
  await before.suspend();
  await before.close();
  await using runtime = new ChatRuntime(configuration, { store, host, sessionId: "s" });
  const { turns: kept } = await runtime.open();
  expect(kept.map(({ status }) => status)).toEqual(["unfinished", "unfinished", "unfinished"]);
  expect(runtime.apart?.id).toBe(turns[2]!.id);
  await host.answer(flow, turns[0]!.id, "flow/approve#1", true);
  expect(textOf((await runtime.retry(turns[0]!.id).reply).message)).toBe("yes");
  const second = runtime.retry(turns[1]!.id);
  for await (const event of second) if (event.type === "run.waiting") break;
  await host.cancel(flow, second.id, "nobody wants it");
  await expect(second.reply).rejects.toMatchObject({
    code: "ORCH_TURN_CANCELLED",
    facts: { reason: "nobody wants it" },
  });
  expect(runtime.session!.turns.map(({ status }) => status)).toEqual([
    "completed",
    "cancelled",
    "unfinished",
  ]);
  expect(() => runtime.retry(turns[0]!.id)).toThrow(expect.objectContaining({ code: "ORCH_TURN_ANSWERED" }));
});
