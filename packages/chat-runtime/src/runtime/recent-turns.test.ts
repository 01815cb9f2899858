import { type AssistantMessage, type Message, textOf } from "@orch/agents";
import { describe, expect, it } from "vitest";
import type { RuntimeConfiguration } from "../configurations/runtime-configuration.ts";
import { contextWindow } from "../middleware/context-window.ts";
import { withMiddleware } from "../middleware/with-middleware.ts";
import { memorySessions } from "../session/memory-sessions.ts";
import type { SessionStore, TurnRecord } from "../session/session-store.ts";
import { ChatRuntime } from "./chat-runtime.ts";

const origin = { provider: "test", api: "test", model: "test" };

function says(text: string): AssistantMessage {
  return { role: "assistant", content: [{ type: "text", text }], origin, finish: { reason: "stop" } };
}

function turn(at: number): TurnRecord {
  const question = { role: "user", content: [{ type: "text", text: `question ${at}` }] } as const;
  const messages = [question, says(`answer ${at} ${"x".repeat(400)}`)];
  return { id: `t${at}`, configuration: "echo", status: "completed", startedAt: at, messages };
}

/** A store with one session of many turns, and how many of them were read. */
async function longSession(count: number): Promise<{ store: SessionStore; read: () => number }> {
  const kept = memorySessions();
  const turns = Array.from({ length: count }, (_, at) => turn(at));
  await kept.add({ id: "s", title: "long", createdAt: 0, updatedAt: 1, turnCount: count, turns });
  let read = 0;
  const counted = <TSession extends { readonly turns: readonly unknown[] } | undefined>(
    session: TSession,
  ): TSession => {
    read += session?.turns.length ?? 0;
    return session;
  };
  const store: SessionStore = {
    ...kept,
    open: async (...of) => counted(await kept.open(...of)),
    load: async (...of) => counted(await kept.load(...of)),
  };
  return { store, read: () => read };
}

describe("a session of 5,000 turns", () => {
  const seen: Message[][] = [];
  const listener: RuntimeConfiguration = {
    name: "listener",
    invoke: async ({ history, message }) => {
      seen.push([...history, message]);
      return { message: says("heard") };
    },
  };

  it("T28: is gone on with by reading no more than is sent", async () => {
    const { store, read } = await longSession(5000);
    const shortened: number[] = [];
    const above = 10_000;
    const answering = withMiddleware(
      listener,
      contextWindow({ above, onShortened: (messages) => shortened.push(messages) }),
    );
    const recent = { turns: 20, tokens: above };
    const runtime = new ChatRuntime(answering, { store, sessionId: "s", recent });
    const session = await runtime.open();
    expect(session).toMatchObject({ turnCount: 5000, earlier: 4980 });
    for (const text of ["one", "two", "three"]) await runtime.invoke(text);
    expect(read()).toBeLessThan(200);
    expect(shortened).toHaveLength(3);
    const last = seen.at(-1)!;
    expect(last.length).toBe(shortened.at(-1)! + 1);
    expect(textOf(last.at(-1)!)).toBe("three");
    const { turns, earlier } = runtime.session!;
    expect(turns.length + (earlier ?? 0)).toBe(5003);
    const { spent } = runtime.session!;
    await runtime.close();
    expect(await store.load("s", { last: 0 })).toMatchObject({ turnCount: 5003, spent });
  });

  it("is read further when what answers takes more, and whole without a limit", async () => {
    const { store, read } = await longSession(300);
    let tokens = 0;
    const recent = { turns: 5, tokens: () => tokens };
    const runtime = new ChatRuntime(listener, { store, sessionId: "s", recent });
    expect((await runtime.open()).turns).toHaveLength(5);
    tokens = 1e9;
    await runtime.invoke("more");
    expect(seen.at(-1)).toHaveLength(601);
    expect([runtime.session?.earlier, runtime.session?.turnCount, read()]).toEqual([undefined, 301, 300]);
    await runtime.close();
  });
});
