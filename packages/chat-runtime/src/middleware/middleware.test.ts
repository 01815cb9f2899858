import { agent, textOf, userMessage } from "@orch/agents";
import { manualClock, scriptedModel, seededRandom } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { agentRuntime } from "../configurations/agent-runtime.ts";
import type { CodeConfiguration, RuntimeMiddleware, Turn } from "../configurations/runtime-configuration.ts";
import { ChatRuntime } from "../runtime/chat-runtime.ts";
import type { RecentTurns } from "../runtime/recent-turns.ts";
import { memorySessions } from "../session/memory-sessions.ts";
import type { SessionStore } from "../session/session-store.ts";
import type { ChatEvent } from "../turn/chat-event.ts";
import { contextWindow } from "./context-window.ts";
import { providerSwitch } from "./provider-switch.ts";
import { rateLimit } from "./rate-limit.ts";
import { redaction } from "./redaction.ts";
import { responseCache } from "./response-cache.ts";
import { retry } from "./retry.ts";
import { redactText, StreamRedactor } from "./stream-redactor.ts";
import { withMiddleware } from "./with-middleware.ts";

/** Says each piece, and answers with all of them; a thrown piece fails the turn. */
function pieces(...replies: readonly (readonly (string | Error)[])[]) {
  const seen: Turn[] = [];
  const configuration: CodeConfiguration = {
    name: "pieces",
    invoke: async (turn, context) => {
      const reply = replies[Math.min(seen.length, replies.length - 1)]!;
      seen.push(turn);
      for (const piece of reply) {
        if (piece instanceof Error) throw piece;
        context.say(piece, "pieces");
      }
      const message = {
        role: "assistant",
        content: [{ type: "text", text: reply.join("") }],
        origin: { provider: "test", api: "test", model: "test" },
        finish: { reason: "stop" },
      } as const;
      return { message, value: { said: reply.join("") } };
    },
  };
  return { seen, configuration };
}

async function all(events: AsyncIterable<ChatEvent>): Promise<ChatEvent[]> {
  const got: ChatEvent[] = [];
  for await (const event of events) got.push(event);
  return got;
}
const spoken = (events: readonly ChatEvent[]): string =>
  events.map((event) => (event.type === "message.delta" ? event.text : "")).join("");

const overloaded = { kind: "overloaded", message: "busy", retryable: true } as const;
const always = { when: () => true };

describe("withMiddleware", () => {
  it("puts the first layer outermost, keeps the graph, and wraps again", async () => {
    const order: string[] = [];
    const layer =
      (name: string): RuntimeMiddleware =>
      (turn, context, next) => {
        order.push(name);
        return next(turn, context);
      };
    const bare = agentRuntime(agent({ name: "a", model: scriptedModel(["hi"]) }));
    const once = withMiddleware(bare, layer("b"), layer("c"));
    const twice = withMiddleware(once, layer("a"));
    expect(twice.orchestration).toBe(bare.orchestration);
    expect(textOf(await new ChatRuntime(twice).invoke("x"))).toBe("hi");
    expect(order).toEqual(["a", "b", "c"]);
  });
});

describe("retry", () => {
  it("tries a model's passing failure again after the wait, and tells", async () => {
    const clock = manualClock();
    const told: number[] = [];
    const model = scriptedModel([{ failure: overloaded }, { failure: overloaded }, "at last"]);
    const configuration = withMiddleware(
      agentRuntime(agent({ name: "a", model })),
      retry({ delay: 100, onRetry: ({ delay }) => told.push(delay) }),
    );
    const turn = new ChatRuntime(configuration, { clock }).send("x");
    await clock.runAll();
    expect(textOf((await turn.reply).message)).toBe("at last");
    expect(told).toEqual([100, 200]);
  });

  it("does not try again what was said in part", async () => {
    const { seen, configuration } = pieces(["half", new TypeError("cut")], ["whole"]);
    const runtime = new ChatRuntime(withMiddleware(configuration, retry(always)));
    await expect(runtime.invoke("x")).rejects.toMatchObject({ code: "ORCH_TURN_FAILED" });
    expect(seen).toHaveLength(1);
  });

  it("leaves no timer and ends at once when the turn is cancelled in its wait", async () => {
    const clock = manualClock();
    const { configuration } = pieces([new TypeError("down")]);
    const layer = retry({ ...always, delay: 60_000 });
    const turn = new ChatRuntime(withMiddleware(configuration, layer), { clock }).send("x");
    await clock.advance(10);
    await turn.cancel("enough");
    await expect(turn.reply).rejects.toMatchObject({ code: "ORCH_TURN_CANCELLED" });
    expect(clock.pending()).toBe(0);
  });
});

describe("rateLimit", () => {
  it("lets a turn too many wait for its time", async () => {
    const clock = manualClock();
    const { configuration } = pieces(["a"]);
    const runtime = new ChatRuntime(withMiddleware(configuration, rateLimit({ turns: 1, interval: 500 })), {
      clock,
    });
    await runtime.invoke("one");
    const second = runtime.send("two");
    await clock.advance(499);
    expect(runtime.busy).toBe(true);
    await clock.advance(1);
    expect(textOf((await second.reply).message)).toBe("a");
  });

  it("refuses with the time to wait, and the session stays usable", async () => {
    const clock = manualClock();
    const limit = rateLimit({ turns: 1, interval: 500, full: "refuse" });
    const runtime = new ChatRuntime(withMiddleware(pieces(["a"]).configuration, limit), { clock });
    await runtime.invoke("one");
    await expect(runtime.invoke("two")).rejects.toMatchObject({
      code: "ORCH_RATE_LIMITED",
      facts: { turns: 1, interval: 500, retryAfterMs: 500 },
    });
    await clock.advance(500);
    expect(textOf(await runtime.retry().reply.then(({ message }) => message))).toBe("a");
  });

  it("lets a cancelled turn go at once, and takes no place for it", async () => {
    const clock = manualClock();
    const limit = rateLimit({ turns: 1, interval: 500 });
    const runtime = new ChatRuntime(withMiddleware(pieces(["a"]).configuration, limit), { clock });
    await runtime.invoke("one");
    const turn = runtime.send("two");
    await clock.advance(10);
    await turn.cancel();
    await expect(turn.reply).rejects.toMatchObject({ code: "ORCH_TURN_CANCELLED" });
    expect(clock.pending()).toBe(0);
    await clock.advance(490);
    expect(textOf(await runtime.invoke("three"))).toBe("a");
  });
});

describe("responseCache", () => {
  it("answers the same conversation once, free of charge, and another one anew", async () => {
    const { seen, configuration } = pieces(["one"], ["two"]);
    const cached = withMiddleware(configuration, responseCache());
    const first = new ChatRuntime(cached).send("x");
    expect(spoken(await all(first))).toBe("one");
    const again = new ChatRuntime(cached).send("x");
    const events = await all(again);
    expect(spoken(events)).toBe("one");
    expect(events.at(-1)).toMatchObject({ type: "turn.completed", cost: 0, usage: { input: 0, output: 0 } });
    expect(textOf(await new ChatRuntime(cached).invoke("y"))).toBe("two");
    expect(seen).toHaveLength(2);
  });

  it("passes a store by that fails, and keeps no failed turn", async () => {
    const down = (): never => {
      throw new TypeError("store is down");
    };
    const { configuration } = pieces([new TypeError("no")], ["yes"]);
    const runtime = new ChatRuntime(
      withMiddleware(configuration, responseCache({ store: { get: down, set: down } })),
    );
    await expect(runtime.invoke("x")).rejects.toMatchObject({ code: "ORCH_TURN_FAILED" });
    expect(textOf(await runtime.invoke("x"))).toBe("yes");
  });
});

describe("contextWindow", () => {
  const long = "word ".repeat(400);

  it("trims what answers sees, and keeps the session whole", async () => {
    const { seen, configuration } = pieces(["ok"]);
    const runtime = new ChatRuntime(withMiddleware(configuration, contextWindow({ above: 1500, keep: 600 })));
    for (let at = 0; at < 6; at++) await runtime.invoke(`${at} ${long}`);
    const last = seen.at(-1)!;
    expect(last.history.length).toBeLessThan(6);
    expect(textOf(last.message)).toContain("5 word");
    expect(runtime.history).toHaveLength(12);
  });

  it("sums up by a model, which counts towards the turn", async () => {
    const { seen, configuration } = pieces(["ok"]);
    const price = { input: 1_000_000, output: 0 };
    const writer = scriptedModel(() => "They talked of words.", { caps: { price } });
    const layer = contextWindow({ above: 1500, keep: 600, summarize: writer });
    const runtime = new ChatRuntime(withMiddleware(configuration, layer));
    for (let at = 0; at < 3; at++) await runtime.invoke(`${at} ${long}`);
    const turn = runtime.send(`last ${long}`);
    await turn.reply;
    expect(JSON.stringify(seen.at(-1)!.history)).toContain("They talked of words.");
    const paid = runtime.session?.turns.filter(({ usage }) => usage !== undefined) ?? [];
    expect(paid.length).toBeGreaterThan(0);
    for (const { usage, cost } of paid) expect(cost).toBe(usage?.input);
  });
});

describe("a summary", () => {
  const long = "word ".repeat(400);
  const above = 1500;
  const open = async (store: SessionStore, recent?: RecentTurns) => {
    const { seen, configuration } = pieces(["ok"]);
    const asked: string[] = [];
    const writer = scriptedModel(({ messages }) => {
      asked.push(textOf(messages.at(-1)!));
      return `Notes ${asked.length}.`;
    });
    const layer = contextWindow({ above, keep: 600, summarize: writer });
    const runtime = new ChatRuntime(withMiddleware(configuration, layer), {
      ...{ store, sessionId: "s" },
      ...(recent && { recent }),
    });
    await runtime.open();
    return { runtime, asked, seen: () => seen.at(-1)!.history.map((message) => textOf(message)) };
  };

  it.each([
    ["of all turns", undefined],
    ["of as many as are sent", { turns: 1, tokens: above + 1 }],
  ])(
    "is kept with its turn: another process that reads a session %s does not pay for it again",
    async (_, recent) => {
      const store = memorySessions();
      const first = await open(store);
      for (let at = 0; at < 5; at++) await first.runtime.invoke(`${at} ${long}`);
      const written = first.asked.length;
      expect(written).toBeGreaterThan(0);
      const standing = first.seen()[0];
      await first.runtime.close();

      const second = await open(store, recent);
      await second.runtime.invoke("short");
      expect(second.asked).toEqual([]);
      expect(second.seen()[0]).toBe(standing);
      // What is added to it is all that the model reads.
      for (let at = 5; at < 8 && second.asked.length === 0; at++)
        await second.runtime.invoke(`${at} ${long}`);
      expect(second.asked[0]).toContain(`Summary until here:\nNotes ${written}.`);
      expect(second.asked[0]).not.toContain("0 word");
      await second.runtime.close();
    },
  );

  it("is written anew when an answer came later that it does not hold", async () => {
    const store = memorySessions();
    const first = await open(store);
    for (let at = 0; at < 5; at++) await first.runtime.invoke(`${at} ${long}`);
    await first.runtime.close();
    await store.open("s", 0);
    const [turn] = (await store.load("s"))!.turns;
    await store.finish("s", { ...turn!, endedAt: Number.MAX_SAFE_INTEGER });
    await store.release("s");

    const second = await open(store);
    await second.runtime.invoke("short");
    expect(second.asked[0]).toContain("0 word");
    await second.runtime.close();
  });
});

describe("providerSwitch", () => {
  const failing = (name: string) =>
    agentRuntime(agent({ name, model: scriptedModel([{ failure: { ...overloaded, retryable: false } }]) }));

  it("asks the next configuration when a model fails", async () => {
    const told: string[] = [];
    const other = agentRuntime(agent({ name: "second", model: scriptedModel(["from the second"]) }));
    const layer = providerSwitch({ others: [other], onSwitch: ({ name }) => told.push(name) });
    const runtime = new ChatRuntime(withMiddleware(failing("first"), layer));
    expect(textOf(await runtime.invoke("x"))).toBe("from the second");
    expect(told).toEqual(["second"]);
  });

  it("tells what each of them failed with", async () => {
    const layer = providerSwitch({ others: [failing("second")] });
    await expect(new ChatRuntime(withMiddleware(failing("first"), layer)).invoke("x")).rejects.toMatchObject({
      code: "ORCH_PROVIDERS_FAILED",
      facts: {
        tried: [
          { at: 0, code: "ORCH_AGENT_STOPPED" },
          { at: 1, code: "ORCH_AGENT_STOPPED" },
        ],
      },
    });
  });
});

describe("redaction", () => {
  const patterns = [/sk-[a-z0-9]{8,}/, /\b\d{16}\b/];

  it("finds a secret in a stream wherever its pieces are cut", async () => {
    const { configuration } = pieces(["The key is s", "k-abc", "def12", "345", " and no more."]);
    const turn = new ChatRuntime(withMiddleware(configuration, redaction({ patterns }))).send("x");
    const events = await all(turn);
    expect(spoken(events)).toBe("The key is [redacted] and no more.");
    expect(JSON.stringify(events)).not.toContain("abcdef");
    expect(textOf((await turn.reply).message)).toBe(spoken(events));
    expect((await turn.reply).value).toEqual({ said: spoken(events) });
  });

  it("gives the same for any cut of a text as for the whole", () => {
    const random = seededRandom(7);
    const plan = { patterns: patterns.map((one) => new RegExp(one, "g")), replace: () => "X", longest: 24 };
    for (let round = 0; round < 300; round++) {
      let text = "";
      while (text.length < 200) {
        const parts = [
          "sk-abcdefgh1",
          "sk-",
          "1234567812345678",
          "12345678",
          " ",
          "a",
          "sk-aaaaaaaaa".repeat(5),
        ];
        text += parts[Math.floor(random() * parts.length)]!;
      }
      const redactor = new StreamRedactor(plan);
      let got = "";
      for (let at = 0; at < text.length; ) {
        const length = 1 + Math.floor(random() * 9);
        got += redactor.push(text.slice(at, at + length));
        at += length;
      }
      expect(got + redactor.end()).toBe(redactText(text, plan));
    }
  });

  it("keeps a secret of the conversation from the model, and tells what was held when the turn fails", async () => {
    const { seen, configuration } = pieces(["half a tho", new TypeError("cut")]);
    const turn = new ChatRuntime(withMiddleware(configuration, redaction({ patterns }))).send(
      userMessage("mine is sk-abcdefgh12"),
    );
    expect(spoken(await all(turn))).toBe("half a tho");
    expect(seen[0]?.text).toBe("mine is [redacted]");
  });
});
