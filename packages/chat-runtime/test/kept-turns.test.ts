/** Turns whose runs are kept on a durable host: left in the middle, gone on with, and small. */
import { agent, type Message, textOf, tool } from "@orch/agents";
import { each, orchestration, question, runnable, speech } from "@orch/core";
import { DurableHost, memoryHost, memoryStore } from "@orch/core/host";
import { scriptedModel } from "@orch/testing";
import { expect, it } from "vitest";
import { z } from "zod";
import { figure } from "../../../scripts/lanes.ts";
import type { ChatEvent } from "../src/index.ts";
import { agentRuntime, ChatRuntime, memorySessions, orchestrationRuntime } from "../src/index.ts";

/** A list in lanes, of which the lane "b" waits until it is let go, and then a question. */
function lanes() {
  const ran: string[] = [];
  const held = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const plan = runnable("plan", (text: string) => {
    ran.push("plan");
    return text.split("");
  });
  const work = runnable("work", async (lane: string, ctx) => {
    ran.push(lane);
    if (lane === "b") {
      ctx.emit(speech, "half of b");
      reached.resolve();
      await held.promise;
    }
    return lane.toUpperCase();
  });
  const workAll = each("workAll", work);
  const approve = question("approve", {
    ask: (done: readonly string[]) => `Publish ${done.join("")}?`,
    answer: z.boolean(),
  });
  const flow = orchestration("lanes", (o) =>
    o.start(plan).advance(plan, workAll).advance(workAll, approve).finish(approve),
  );
  const configuration = orchestrationRuntime(flow, {
    toInput: ({ text }) => text,
    toMessage: (yes) => (yes ? "published" : "kept back"),
    speaks: (_path, state) => state === "work",
  });
  return { configuration, ran, reached: reached.promise, release: held.resolve };
}

const ends = (events: readonly ChatEvent[]): string[] =>
  events.map(({ type }) => type).filter((type) => /^turn\.(?!started)/.test(type));

it("T07: a turn that was suspended goes on in its run; what had completed does not run again", async () => {
  const [host, store] = [memoryHost(), memorySessions()];
  const { configuration, ran, reached, release } = lanes();
  const first = new ChatRuntime(configuration, { store, host, sessionId: "s" });
  const others = new Promise<void>((resolve) => {
    let completed = 0;
    first.on("state.completed", () => {
      completed += 1;
      // plan, and the lanes a and c
      if (completed === 3) resolve();
    });
  });
  const turn = first.send("abc");
  await Promise.all([reached, others]);
  await first.suspend();
  await expect(turn.reply).rejects.toMatchObject({ code: "ORCH_TURN_SUSPENDED" });
  expect(ends(turn.drain())).toEqual(["turn.suspended"]);
  await first.close();
  expect((await store.load("s"))?.turns).toMatchObject([
    { status: "unfinished", messages: [{ role: "user" }, { content: [{ text: "half of b" }] }] },
  ]);

  release();
  await using next = new ChatRuntime(configuration, { store, host, sessionId: "s" });
  await next.open();
  expect(next.apart?.id).toBe(turn.id);
  const again = next.retry();
  const events: ChatEvent[] = [];
  for await (const event of again) {
    events.push(event);
    if (event.type === "question.asked") await again.answer(event.question, true);
  }
  expect(textOf((await again.reply).message)).toBe("published");
  expect(ran).toEqual(["plan", "a", "b", "c", "b"]);
  // The whole story of the run is told, and each of its kept events once.
  const seqs = events.flatMap((event) => ("seq" in event && event.part === undefined ? [event.seq] : []));
  expect(seqs).toEqual(seqs.map((_, at) => at + 1));
  expect(next.session?.turns.map(({ status }) => status)).toEqual(["completed"]);
});

it("T07: a question that was open when the turn was left is open when it goes on", async () => {
  const [host, store] = [memoryHost(), memorySessions()];
  const { configuration, release } = lanes();
  release();
  const first = new ChatRuntime(configuration, { store, host, sessionId: "s" });
  const turn = first.send("ab");
  for await (const event of turn) if (event.type === "run.waiting") void first.suspend();
  expect(await host.run(turn.id).questions()).toMatchObject([{ prompt: "Publish AB?" }]);
  await first.close();
  await using next = new ChatRuntime(configuration, { store, host, sessionId: "s" });
  await next.open();
  const again = next.retry();
  for await (const event of again)
    if (event.type === "question.asked") await again.answer(event.question, false);
  expect(textOf((await again.reply).message)).toBe("kept back");
});

it("T07: an agent pays for no model call and runs no tool a second time", async () => {
  const [host, store] = [memoryHost(), memorySessions()];
  const looked: string[] = [];
  const look = tool({
    name: "look",
    description: "Looks.",
    input: z.object({ at: z.string() }),
    invoke: ({ at }) => {
      looked.push(at);
      return "a lamp";
    },
  });
  const model = scriptedModel([
    { text: "Let me look.", calls: [{ name: "look", input: { at: "tower" } }] },
    { text: "I see a la", stall: true },
    "I see a lamp.",
  ]);
  const configuration = agentRuntime(agent({ name: "keeper", model, tools: [look] }));
  const first = new ChatRuntime(configuration, { store, host, sessionId: "s" });
  first.send("What is there?");
  await new Promise<void>((resolve) => {
    first.on("message.delta", ({ text }) => {
      if (text.endsWith("la")) resolve();
    });
  });
  await first.suspend();
  await first.close();
  await using next = new ChatRuntime(configuration, { store, host, sessionId: "s" });
  await next.open();
  const reply = await next.retry().reply;
  expect(textOf(reply.message)).toBe("I see a lamp.");
  expect([model.requests.length, looked]).toEqual([3, ["tower"]]);
  expect(next.history).toMatchObject([
    { role: "user" },
    { content: [{ text: "Let me look." }, { type: "tool-call" }] },
    { role: "tool" },
    { content: [{ text: "I see a lamp." }] },
  ]);
});

it("T07: a turn that failed or was cancelled is tried again in its run", async () => {
  const host = memoryHost();
  const ran: string[] = [];
  let ill = true;
  const plan = runnable("plan", (text: string) => {
    ran.push("plan");
    return text;
  });
  const act = runnable("act", async (text: string, ctx) => {
    ran.push("act");
    if (text === "fails" && ill) throw new Error("server is ill");
    if (ill) await new Promise((_, reject) => ctx.signal.addEventListener("abort", reject));
    return "done";
  });
  const flow = orchestration("flow", (o) => o.start(plan).advance(plan, act).finish(act));
  const fit = { toInput: ({ text }: { text: string }) => text, toMessage: (done: string) => done };
  await using runtime = new ChatRuntime(orchestrationRuntime(flow, fit), { host });
  await expect(runtime.invoke("fails")).rejects.toMatchObject({ code: "ORCH_RUNNABLE_FAILED" });
  ill = false;
  expect(textOf((await runtime.retry().reply).message)).toBe("done");
  ill = true;
  const stopped = runtime.send("stops");
  for await (const event of stopped)
    if (event.type === "state.started" && event.state === "act") void stopped.cancel();
  ill = false;
  expect(textOf((await runtime.retry().reply).message)).toBe("done");
  expect(ran).toEqual(["plan", "act", "act", "plan", "act", "act"]);
});

it("T07: the journal of a turn keeps the conversation by reference", async () => {
  const bytes: number[] = [];
  for (const messages of [10, 1000, 10_000]) {
    const store = memoryStore();
    const sessions = memorySessions();
    await sessions.open("s", 0);
    const said: Message[] = Array.from({ length: messages }, (_, at) =>
      at % 2 === 0
        ? { role: "user", content: [{ type: "text", text: `What is ${at}?`.padEnd(200, ".") }] }
        : {
            role: "assistant",
            content: [{ type: "text", text: `It is ${at}`.padEnd(200, ".") }],
            origin: { provider: "test", api: "test", model: "test" },
            finish: { reason: "stop" },
          },
    );
    const old = { id: "old", configuration: "keeper", status: "completed", startedAt: 0 } as const;
    await sessions.finish("s", { ...old, messages: said });
    await sessions.release("s");
    const model = scriptedModel(["Short."]);
    const configuration = agentRuntime(agent({ name: "keeper", model }));
    const host = new DurableHost(store);
    await using runtime = new ChatRuntime(configuration, { store: sessions, host, sessionId: "s" });
    const turn = runtime.send("And now?");
    await turn.reply;
    expect(model.requests[0]?.messages.filter(({ role }) => role !== "system")).toHaveLength(messages + 1);
    bytes.push(JSON.stringify(await store.load(turn.id)).length);
    await host.close();
  }
  figure(`journal of a turn: ${bytes.join(", ")} bytes after 10, 1,000 and 10,000 messages`);
  const [least = 0] = bytes;
  for (const each of bytes) expect(Math.abs(each - least)).toBeLessThan(50);
});
