import { type AssistantMessage, textOf } from "@orch/agents";
import { all, orchestration, question, runnable } from "@orch/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { orchestrationRuntime } from "../configurations/orchestration-runtime.ts";
import type { RuntimeConfiguration } from "../configurations/runtime-configuration.ts";
import { ChatRuntime } from "./chat-runtime.ts";
import { Inbox, type Posted } from "./inbox.ts";
import { inboxWay } from "./inbox-policy.ts";

function says(text: string): AssistantMessage {
  const origin = { provider: "test", api: "test", model: "test" };
  return { role: "assistant", content: [{ type: "text", text }], origin, finish: { reason: "stop" } };
}

/** Answers each message when the test says so. */
function slow() {
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const gate = (text: string) => {
    const known = gates.get(text) ?? Promise.withResolvers<void>();
    gates.set(text, known);
    return known;
  };
  const configuration: RuntimeConfiguration = {
    name: "slow",
    invoke: async ({ text }, { signal }) => {
      const stopped = new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
      if (text !== "now") await Promise.race([gate(text).promise, stopped]);
      return { message: says(`to ${text}`) };
    },
  };
  return {
    configuration,
    finish: (text: string) => gate(text).resolve(),
    fail: (text: string) => gate(text).reject(new Error("no")),
  };
}
const repliesOf = (runtime: ChatRuntime) => runtime.history.map(textOf);
const turnOf = (posted: Posted) => (posted.type === "sent" ? posted.turn : undefined)!;

/** Resolves when the runtime has nothing to do. */
async function still(runtime: ChatRuntime): Promise<void> {
  while (runtime.busy) {
    await new Promise<void>((resolve) => {
      const off = runtime.on("*", ({ type }) => {
        if (!/^turn\.(completed|failed|cancelled|suspended)$/.test(type)) return;
        off();
        resolve();
      });
    });
  }
}

it("says of each situation where a message goes", () => {
  const busy = { busy: true, questions: 0 };
  expect(inboxWay({ busy: false, questions: 0 }, { busy: "reject" })).toBe("send");
  expect(inboxWay(busy)).toBe("queue");
  for (const policy of ["queue", "interrupt", "reject"] as const) {
    expect(inboxWay(busy, { busy: policy })).toBe(policy);
    expect(inboxWay({ busy: true, questions: 2 }, { waiting: policy })).toBe(policy);
  }
  expect(inboxWay({ busy: true, questions: 1 }, { busy: "reject" })).toBe("answer");
  expect(inboxWay({ busy: true, questions: 2 })).toBe("which");
});

describe("a message that comes while another one is being answered", () => {
  it("waits, can be seen, changed and taken out, and has its turn in order", async () => {
    const { configuration, finish } = slow();
    const runtime = new ChatRuntime(configuration);
    const turns: string[] = [];
    let changes = 0;
    const inbox = new Inbox(runtime, {
      onTurn: (_, { id }) => turns.push(id),
      onChange: () => (changes += 1),
    });
    await inbox.post("one");
    const [, second, third] = [await inbox.post("two"), await inbox.post("three"), await inbox.post("four")];
    expect(second).toMatchObject({ type: "queued", item: { id: "queued-2" } });
    expect(inbox.edit("queued-1", "now")).toBe(true);
    expect(inbox.remove("queued-2")?.message).toMatchObject({ role: "user" });
    expect(inbox.items.map(({ message }) => textOf(message))).toEqual(["now", "four"]);
    finish("one");
    finish("four");
    await still(runtime);
    expect(repliesOf(runtime)).toEqual(["one", "to one", "now", "to now", "four", "to four"]);
    expect(turns).toEqual(["queued-1", "queued-3"]);
    expect(third).toMatchObject({ type: "queued" });
    expect([inbox.edit("queued-1", "late"), inbox.remove("queued-1"), changes > 4]).toEqual([
      false,
      undefined,
      true,
    ]);
  });

  it("waits on when the turn before it fails or is stopped, until it is released", async () => {
    const { configuration, fail } = slow();
    const runtime = new ChatRuntime(configuration);
    const inbox = new Inbox(runtime);
    for (const end of ["fail", "cancel"]) {
      await inbox.post(end);
      await inbox.post("now");
      if (end === "fail") fail(end);
      else void runtime.cancel();
      await still(runtime);
      expect([inbox.held, inbox.items.length]).toEqual([true, 1]);
      inbox.release();
      await still(runtime);
      expect([inbox.held, inbox.items.length]).toEqual([false, 0]);
    }
    expect(repliesOf(runtime)).toEqual(["now", "to now", "now", "to now"]);
    // A held queue is no reason to hold back who writes now.
    await inbox.post("cancel");
    await inbox.post("two");
    await runtime.cancel();
    expect((await inbox.post("now")).type).toBe("sent");
    await still(runtime);
    expect(inbox.items).toHaveLength(1);
  });

  it("interrupts what is being answered, the latest before all others", async () => {
    const { configuration } = slow();
    const runtime = new ChatRuntime(configuration);
    const inbox = new Inbox(runtime, { busy: "interrupt" });
    const first = turnOf(await inbox.post("one"));
    const posted = await Promise.all([inbox.post("two"), inbox.post("now")]);
    expect(posted.map((one) => one.type === "sent" && one.interrupted)).toEqual([true, true]);
    await expect(first.reply).rejects.toMatchObject({ code: "ORCH_TURN_CANCELLED" });
    await expect(turnOf(posted[0]!).reply).rejects.toMatchObject({ code: "ORCH_TURN_CANCELLED" });
    await still(runtime);
    expect(repliesOf(runtime)).toEqual(["now", "to now"]);
  });

  it("is refused by the policy reject, and nothing of it is kept", async () => {
    const { configuration, finish } = slow();
    const runtime = new ChatRuntime(configuration);
    using inbox = new Inbox(runtime, { busy: "reject" });
    await inbox.post("one");
    await expect(inbox.post("two")).rejects.toMatchObject({ code: "ORCH_TURN_BUSY" });
    finish("one");
    await still(runtime);
    expect(repliesOf(runtime)).toEqual(["one", "to one"]);
  });
});

describe("a message that comes while the run waits for an answer", () => {
  const fit = {
    toInput: ({ text }: { text: string }) => text,
    toMessage: (said: unknown) => JSON.stringify(said),
  };
  const approve = question("approve", { ask: "Send it?", answer: z.boolean() });
  const many = question("many", { ask: "How many?", answer: z.number() });
  const free = runnable("free", (text: string) => text);

  /** A runtime whose run waits. */
  async function waiting(
    flow: Parameters<typeof orchestrationRuntime<string, unknown>>[0],
  ): Promise<ChatRuntime> {
    const runtime = new ChatRuntime(orchestrationRuntime(flow, fit));
    await new Promise<void>((resolve) => {
      runtime.on("run.waiting", () => resolve());
      runtime.send("go");
    });
    return runtime;
  }
  const one = orchestration<string, unknown>("one", (o) => o.start(approve).finish(approve));
  const both = all("both", { approve, many, free });
  const two = orchestration<string, unknown>("two", (o) => o.start(both).finish(both));

  it("is the answer when it fits, and says so; else the question stays open", async () => {
    const runtime = await waiting(one);
    const inbox = new Inbox(runtime);
    await expect(inbox.post("perhaps")).rejects.toMatchObject({ code: "ORCH_INVALID_ANSWER" });
    expect(runtime.describe()?.questions).toHaveLength(1);
    expect(await inbox.post("Yes")).toEqual({ type: "answered", question: "one/approve#1", value: true });
    await still(runtime);
    expect(repliesOf(runtime)).toEqual(["go", "true"]);
  });

  it("asks which of several it answers, and the last one is answered by the next message", async () => {
    const runtime = await waiting(two);
    const inbox = new Inbox(runtime);
    const posted = await inbox.post("7");
    if (posted.type !== "which") throw new Error(posted.type);
    expect(posted.questions.map(({ prompt }) => prompt)).toEqual(["Send it?", "How many?"]);
    await runtime.answer(posted.questions[0]!.question, false);
    expect(await inbox.post("7")).toMatchObject({ type: "answered", value: 7 });
    await still(runtime);
    expect(repliesOf(runtime)).toEqual(["go", '{"approve":false,"many":7,"free":"go"}']);
  });

  it("waits, interrupts or is refused where the policy says so", async () => {
    const queued = await waiting(one);
    expect((await new Inbox(queued, { waiting: "queue" }).post("yes")).type).toBe("queued");
    const stopped = await waiting(one);
    expect((await new Inbox(stopped, { waiting: "interrupt" }).post("again")).type).toBe("sent");
    const refused = await waiting(one);
    await expect(new Inbox(refused, { waiting: "reject" }).post("yes")).rejects.toMatchObject({
      code: "ORCH_TURN_BUSY",
    });
    for (const runtime of [queued, stopped, refused]) await runtime.close();
  });

  it("is no answer to a question whose time is over", async () => {
    const late = question("late", { ask: "Now?", answer: z.string(), timeout: 1 });
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const after = runnable("after", () => gate);
    const flow = orchestration<string, unknown>("late", (o) =>
      o
        .start(late)
        .advance(late, free)
        .catch(late, after, { convert: () => undefined })
        .finish(free, after),
    );
    const runtime = new ChatRuntime(orchestrationRuntime(flow, fit));
    const inbox = new Inbox(runtime);
    await new Promise<void>((resolve) => {
      runtime.on("state.started", ({ state }) => state === "after" && resolve());
      runtime.send("go");
    });
    expect((await inbox.post("hello")).type).toBe("queued");
    open();
    await runtime.close();
  });
});
