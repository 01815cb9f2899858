/** The door for AG-UI by its own client over a real socket: what a page has after each run, and what it never gets. */
import { agent, tool } from "@orch/agents";
import { agentRuntime, orchestrationRuntime, type RuntimeConfiguration } from "@orch/chat-runtime";
import { channel, each, orchestration, question, runnable, speech } from "@orch/core";
import { scriptedModel } from "@orch/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { agUi } from "../../src/ag-ui.ts";
import { createServer, type ServerOptions } from "../../src/index.ts";
import { type ListeningServer, listen } from "../../src/node.ts";
import { REPORT, reportChat } from "../ai-sdk/report-chat.ts";
import { ThreadAgent } from "./thread-agent.ts";

let listening: ListeningServer | undefined;
const warned = vi.spyOn(console, "warn");
beforeEach(() => {
  warned.mockClear();
  // It prints what it throws.
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(async () => {
  await listening?.stop();
  listening = undefined;
  // The client warns of what it strips or cannot apply.
  expect(warned.mock.calls).toEqual([]);
});

async function serve(options: Omit<ServerOptions, "doors">): Promise<string> {
  listening = await listen(createServer({ ...options, doors: [agUi()] }), { port: 0 });
  return `${listening.url}/ag-ui`;
}

const chatOf = (configuration: RuntimeConfiguration) => ({ chats: { research: { configuration } } });
const open = (): Promise<void> => Promise.resolve();

type Subscriber = NonNullable<Parameters<ThreadAgent["runAgent"]>[1]>;
type Interrupt = ThreadAgent["pendingInterrupts"][number];
type Resume = NonNullable<NonNullable<Parameters<ThreadAgent["runAgent"]>[0]>["resume"]>;

/** What one run of the protocol gave. */
interface Ran {
  readonly types: readonly string[];
  readonly outcome?: string;
  readonly interrupts: readonly Interrupt[];
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly code?: string };
  readonly customs: readonly unknown[];
  readonly usage?: unknown;
}

/** Runs it, and notes what came. */
async function ran(ask: (subscriber: Subscriber) => Promise<unknown>): Promise<Ran> {
  const [types, customs]: [string[], unknown[]] = [[], []];
  let end: Partial<Ran> = {};
  await ask({
    onEvent: ({ event }) => void types.push(event.type),
    onCustomEvent: ({ event }) => void customs.push([event.name, event.value]),
    onRunErrorEvent: ({ event }) => {
      end = { error: event };
    },
    onRunFinishedEvent: (finished) => {
      const { outcome, event } = finished;
      const interrupts = finished.outcome === "interrupt" ? finished.interrupts : [];
      end = { outcome, interrupts, result: event.result, usage: event.usage };
    },
  });
  return { types, customs, interrupts: [], ...end };
}

const say = (page: ThreadAgent, content: string): Promise<Ran> => {
  page.messages.push({ id: `m${page.messages.length}`, role: "user", content });
  return ran((subscriber) => page.runAgent({}, subscriber));
};
const resume = (page: ThreadAgent, entries: Resume): Promise<Ran> =>
  ran((subscriber) => page.runAgent({ resume: entries }, subscriber));
const connect = (page: ThreadAgent): Promise<Ran> => ran((subscriber) => page.connectAgent({}, subscriber));
const yes = (interruptId: string, payload: unknown = true) =>
  ({ interruptId, status: "resolved", payload }) as const;
const no = (interruptId: string) => ({ interruptId, status: "cancelled" }) as const;

const railOf = ({ state }: ThreadAgent): string[] =>
  Object.values(
    (state as { orch: { states: Record<string, { state: string; status: string }> } }).orch.states,
  ).map(({ state: name, status }) => `${name} ${status}`);
const saidIn = ({ messages }: ThreadAgent): string[] =>
  messages.flatMap(({ role, content, metadata }) =>
    role === "assistant" && content && !(metadata?.["orch"] as { cut?: true })?.cut ? [content] : [],
  );

describe("the door for AG-UI", () => {
  it("shows the rail as state and steps, asks, takes the answers, and says the report once", async () => {
    const url = await serve(chatOf(reportChat(open)));
    const page = new ThreadAgent({ url: `${url}/research`, initialState: { theme: "dark" } });

    const first = await say(page, "tides");
    expect(first.outcome).toBe("interrupt");
    expect(first.interrupts).toMatchObject([
      {
        reason: "confirmation",
        message: "Write a report from 2 findings?",
        responseSchema: { type: "boolean" },
      },
    ]);
    expect(railOf(page)).toEqual([
      "plan completed",
      "searches completed",
      "search completed",
      "search completed",
      "approve waiting",
    ]);
    expect(first.types.filter((type) => type === "STEP_STARTED").length).toBe(
      first.types.filter((type) => type === "STEP_FINISHED").length,
    );

    const second = await resume(page, [yes(first.interrupts[0]!.id)]);
    expect(second.interrupts).toMatchObject([{ reason: "input_required", message: "In which style?" }]);
    const third = await resume(page, [yes(second.interrupts[0]!.id, "short")]);
    expect(third.outcome).toBe("success");
    expect(saidIn(page)).toEqual([REPORT]);
    expect(railOf(page).slice(4)).toEqual(["approve completed", "style completed", "report completed"]);
    // What the page keeps in its state stays.
    expect(page.state).toMatchObject({ theme: "dark", orch: { status: "completed" } });

    const next = await say(page, "wind");
    expect(next.outcome).toBe("interrupt");
    const denied = await resume(page, [no(next.interrupts[0]!.id)]);
    expect(denied.outcome).toBe("success");
    expect(saidIn(page)).toEqual([REPORT, "Left alone."]);
  });

  it("asks several questions at once, which are answered by their ids, all of them", async () => {
    const ask = question("ask", { ask: (city: string) => `Visit ${city}?`, answer: z.boolean() });
    const cities = runnable("cities", () => ["Rome", "Oslo", "Bern"]);
    const sum = runnable("sum", (answers: readonly boolean[]) => ({ visits: answers.map(String) }));
    const asks = each("asks", ask);
    const trip = orchestration("trip", (o) =>
      o.start(cities).advance(cities, asks).advance(asks, sum).finish(sum),
    );
    const url = await serve({ orchestrations: { trip: { orchestration: trip } } });
    const page = new ThreadAgent({ url: `${url}/trip` });

    const { interrupts } = await say(page, "go");
    const byCity = Object.fromEntries(interrupts.map(({ id, message }) => [message, id]));
    expect(Object.keys(byCity).sort()).toEqual(["Visit Bern?", "Visit Oslo?", "Visit Rome?"]);
    // The client itself insists on all of them; so does the door.
    const body = { threadId: page.threadId, runId: "r", messages: [], resume: [yes(byCity["Visit Oslo?"]!)] };
    const partial = await fetch(page.url, { method: "POST", body: JSON.stringify(body) });
    expect(partial.status).toBe(400);
    expect(await partial.json()).toMatchObject({ type: "RUN_ERROR", code: "ORCH_SERVER_REQUEST" });

    const done = await resume(page, [
      yes(byCity["Visit Bern?"]!, false),
      yes(byCity["Visit Oslo?"]!),
      no(byCity["Visit Rome?"]!),
    ]);
    expect(done).toMatchObject({ outcome: "success", result: { visits: ["false", "true", "false"] } });
    // A later answer changes nothing, and is told what counts.
    const other = new ThreadAgent({ url: page.url, threadId: page.threadId });
    const late = await resume(
      other,
      Object.values<string>(byCity).map((id) => yes(id)),
    );
    expect(late).toMatchObject({ outcome: "success", result: { visits: ["false", "true", "false"] } });
    expect(railOf(other)).toEqual(railOf(page));
  });

  it("asks before a tool runs, shows the call with its result, and tells the model of a no", async () => {
    const deleted: string[] = [];
    const remove = tool({
      name: "remove",
      description: "Removes a file.",
      input: z.object({ file: z.string() }),
      approve: true,
      invoke: ({ file }) => {
        deleted.push(file);
        return `removed ${file}`;
      },
    });
    const call = { calls: [{ name: "remove", input: { file: "a.txt" } }] };
    const model = scriptedModel([call, "Done.", call, "As you like."]);
    const cleaner = agent({ name: "cleaner", instructions: "Clean up.", model, tools: [remove] });
    const page = new ThreadAgent({ url: `${await serve(chatOf(agentRuntime(cleaner)))}/research` });

    const asked = await say(page, "clean");
    expect(asked.interrupts).toMatchObject([
      { reason: "tool_call", metadata: { orch: { prompt: { tool: "remove", input: { file: "a.txt" } } } } },
    ]);
    expect(deleted).toEqual([]);
    const done = await resume(page, [yes(asked.interrupts[0]!.id)]);
    expect(deleted).toEqual(["a.txt"]);
    expect(page.messages).toMatchObject([
      { role: "user" },
      { role: "assistant", toolCalls: [{ function: { name: "remove", arguments: '{"file":"a.txt"}' } }] },
      { role: "tool", content: "removed a.txt" },
      { role: "assistant", content: "Done." },
    ]);
    expect(done.usage).toMatchObject([{ inputTokens: expect.any(Number) }]);

    const again = await say(page, "again");
    await resume(page, [yes(again.interrupts[0]!.id, { deny: "It is mine." })]);
    expect(deleted).toEqual(["a.txt"]);
    expect(JSON.stringify(model.requests.at(-1))).toContain("It is mine.");
    expect(saidIn(page).at(-1)).toBe("As you like.");
  });

  it("stops a thread that is told to, and one whose question nobody answers", async () => {
    const page = new ThreadAgent({ url: `${await serve(chatOf(reportChat(open)))}/research` });
    const { interrupts } = await say(page, "tides");
    const style = await resume(page, [yes(interrupts[0]!.id)]);

    const given = await resume(page, [no(style.interrupts[0]!.id)]);
    expect(given.outcome).toBe("cancelled");
    expect(page.state).toMatchObject({ orch: { status: "cancelled" } });

    await say(page, "wind");
    const stopped = await fetch(`${page.url}/stop/${page.threadId}`, { method: "POST" });
    expect(stopped.status).toBe(204);
    const back = await connect(new ThreadAgent({ url: page.url, threadId: page.threadId }));
    expect(back).toMatchObject({
      outcome: "success",
      types: ["RUN_STARTED", "MESSAGES_SNAPSHOT", "RUN_FINISHED"],
    });
  });

  it("tells a page that is opened anew what was said, and what is asked now", async () => {
    const page = new ThreadAgent({ url: `${await serve(chatOf(reportChat(open)))}/research` });
    const first = await say(page, "tides");
    await resume(page, [yes(first.interrupts[0]!.id, false)]);
    await say(page, "wind");

    const other = new ThreadAgent({ url: page.url, threadId: page.threadId });
    const { interrupts } = await connect(other);
    expect(other.messages).toMatchObject([
      { role: "user", content: "tides" },
      { role: "assistant", content: "Left alone." },
      { role: "user", content: "wind" },
    ]);
    await resume(other, [yes(interrupts[0]!.id)]);
    expect(railOf(other).at(-1)).toBe("style waiting");
    // The first page comes back too, and has nothing twice.
    await connect(Object.assign(page, { pendingInterrupts: [] }));
    expect(saidIn(page)).toEqual(["Left alone."]);
  });

  it.each(["chat", "orchestration"])(
    "tells each text of a %s once to the page that lost it in the middle",
    async (kind) => {
      const gate = Promise.withResolvers<void>();
      const think = runnable("think", async (_: string, ctx) => {
        ctx.emit(speech, "Let me ");
        ctx.emit(speech, "see.");
        return "Let me see.";
      });
      const write = runnable("write", async (_: string, ctx) => {
        ctx.emit(speech, "The moon ");
        await gate.promise;
        ctx.emit(speech, "pulls.");
        return "The moon pulls.";
      });
      const flow = orchestration("flow", (o) => o.start(think).advance(think, write).finish(write));
      const options = { toInput: ({ text }: { text: string }) => text, toMessage: (text: string) => text };
      const url = await serve(
        kind === "chat"
          ? chatOf(orchestrationRuntime(flow, options))
          : { orchestrations: { research: { orchestration: flow } } },
      );
      const page = new ThreadAgent({ url: `${url}/research` });
      const left = say(page, "tides");
      await vi.waitFor(() => expect(saidIn(page)).toEqual(["The moon "]));
      page.abortRun();
      await left;

      const back = connect(page);
      await vi.waitFor(() => expect(page.messages.map(({ role }) => role)).toContain("assistant"));
      gate.resolve();
      expect((await back).outcome).toBe("success");
      expect(saidIn(page)).toEqual(["The moon pulls."]);
      const asides = page.messages.filter(({ role }) => role === "reasoning");
      expect(asides).toMatchObject([{ content: "Let me see." }]);
      expect(asides[0]!.metadata?.["orch"]).not.toHaveProperty("cut");
      expect(page.messages.filter(({ role }) => role === "user").map(({ content }) => content)).toEqual([
        "tides",
      ]);
    },
  );

  it("marks what was cut, and tells data of channels, asides and usage", async () => {
    const hint = channel<{ readonly left: number }>("hint");
    let tries = 0;
    const think = runnable("think", (_: string, ctx) => {
      ctx.emit(speech, "Let me see.");
      ctx.emit(hint, { left: 2 });
      ctx.spend({ inputTokens: 3, outputTokens: 4, model: "acme/one" });
      return "Let me see.";
    });
    const write = runnable({
      id: "write",
      retry: { attempts: 2, firstDelay: 1 },
      invoke: (_: string, ctx) => {
        ctx.emit(speech, ctx.attempt === 1 ? "Wrong" : "Right.");
        tries += 1;
        if (ctx.attempt === 1) throw new TypeError("again");
        return "Right.";
      },
    });
    const flow = orchestration("flow", (o) => o.start(think).advance(think, write).finish(write));
    const url = await serve({ orchestrations: { flow: { orchestration: flow, channels: ["hint"] } } });
    const page = new ThreadAgent({ url: `${url}/flow` });

    const done = await say(page, "go");
    expect(done).toMatchObject({ outcome: "success", customs: [["hint", { left: 2 }]] });
    expect(done.usage).toEqual([{ provider: "acme", model: "one", inputTokens: 3, outputTokens: 4 }]);
    expect(saidIn(page)).toEqual(["Right."]);
    expect(page.messages.filter(({ role }) => role === "reasoning")).toMatchObject([
      { content: "Let me see." },
    ]);
    const wrong = page.messages.find(({ content }) => content === "Wrong");
    expect(wrong?.metadata).toMatchObject({ orch: { cut: true } });

    // Sent again it is the same run; a second message would be another.
    page.messages = page.messages.slice(0, 1);
    expect((await ran((subscriber) => page.runAgent({}, subscriber))).outcome).toBe("success");
    expect(tries).toBe(2);
    await expect(say(page, "more")).rejects.toThrow("answers one message of a thread");
  });

  it("says in its own form what failed, and nothing of what nobody may read", async () => {
    const page = new ThreadAgent({ url: `${await serve(chatOf(reportChat(open)))}/research` });

    const failed = await say(page, "fail");
    expect(failed.error).toMatchObject({ code: expect.stringMatching(/^ORCH_/), message: /failed/ });
    expect(JSON.stringify(failed)).not.toMatch(/passwd/);
    page.url = page.url.replace("research", "nobody");
    await expect(say(page, "hi")).rejects.toMatchObject({
      status: 404,
      payload: { code: "ORCH_SERVER_UNKNOWN" },
    });
  });
});
