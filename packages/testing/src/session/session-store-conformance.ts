/** What every store of sessions does, as tests. */
import type { AssistantMessage, UserMessage } from "@orch/agents";
import type { SessionStore, TurnRecord } from "@orch/chat-runtime";
import { afterEach, describe, expect, it } from "vitest";

/** A store to be tried, and how to reach what it keeps a second time. */
export interface SessionStoreUnderTest {
  readonly store: SessionStore;
  /** Another store on the same data, as another process would make it. Absent where nothing outlives the store. */
  readonly another?: () => SessionStore | Promise<SessionStore>;
  /** Called after the test; the store and the others are closed by then. */
  readonly cleanUp?: () => void | Promise<void>;
}

/**
 * Describes the tests that a {@link SessionStore} passes, in vitest. `make` gives a fresh, empty store
 * for each test.
 *
 * @example
 * ```ts
 * describe("memorySessions", () => sessionStoreConformance(() => ({ store: memorySessions() })));
 * ```
 */
export function sessionStoreConformance(
  make: () => SessionStoreUnderTest | Promise<SessionStoreUnderTest>,
): void {
  let under: SessionStoreUnderTest | undefined;
  let opened: SessionStore[] = [];
  const fresh = async (): Promise<SessionStore> => {
    under = await make();
    opened = [under.store];
    return under.store;
  };
  const another = async (): Promise<SessionStore | undefined> => {
    const store = await under?.another?.();
    if (store) opened.push(store);
    return store;
  };
  afterEach(async () => {
    for (const store of opened) await store.close();
    await under?.cleanUp?.();
    under = undefined;
    opened = [];
  });

  describe("a session", () => {
    it("is made when it is opened for the first time", async () => {
      const store = await fresh();
      expect(await store.load("s")).toBeUndefined();
      expect(await store.open("s", 5)).toMatchObject({
        id: "s",
        title: "",
        createdAt: 5,
        updatedAt: 5,
        turnCount: 0,
        turns: [],
      });
      expect(await store.load("s")).toMatchObject({ id: "s", turnCount: 0 });
    });

    it("is refused to a second writer, naming the first, until it is released", async () => {
      const store = await fresh();
      await store.open("s", 1);
      const second = (await another()) ?? store;
      await expect(second.open("s", 2)).rejects.toMatchObject({
        code: "ORCH_SESSION_HELD",
        facts: { sessionId: "s", holder: expect.any(String) },
      });
      expect((await second.list())[0]?.heldBy).toEqual(expect.any(String));
      await store.release("s");
      expect((await second.list())[0]?.heldBy).toBeUndefined();
      expect(await second.open("s", 3)).toMatchObject({ id: "s", createdAt: 1 });
    });

    it("can be read while another writes it", async () => {
      const store = await fresh();
      await store.open("s", 1);
      await store.begin("s", start(1));
      const second = (await another()) ?? store;
      expect((await second.load("s"))?.turns).toMatchObject([{ id: "turn1", status: "unfinished" }]);
    });

    it("takes the title of its first turn, and keeps the one somebody gave it", async () => {
      const store = await fresh();
      await store.open("s", 1);
      await store.begin("s", { ...start(1), title: "First" });
      expect((await store.load("s"))?.title).toBe("First");
      await store.rename("s", "Chosen");
      await store.finish("s", turn(1));
      await store.begin("s", { ...start(2), title: "Second" });
      expect((await store.load("s"))?.title).toBe("Chosen");
    });

    it("can be removed for good, and made anew", async () => {
      const store = await fresh();
      await store.open("s", 1);
      await store.finish("s", turn(1));
      await store.remove("s");
      await store.remove("s");
      expect(await store.load("s")).toBeUndefined();
      expect(await store.list()).toEqual([]);
      await expect(store.begin("s", start(2))).rejects.toMatchObject({ code: "ORCH_SESSION_NOT_HELD" });
      expect((await store.open("s", 9)).turns).toEqual([]);
    });

    it("cannot be renamed when it is not there", async () => {
      const store = await fresh();
      await expect(store.rename("nobody", "x")).rejects.toMatchObject({ code: "ORCH_SESSION_UNKNOWN" });
    });

    it("stands in the list, the one changed last first", async () => {
      const store = await fresh();
      await store.open("old", 1);
      await store.open("new", 2);
      await store.finish("old", turn(10));
      expect(await store.list()).toMatchObject([
        { id: "old", turnCount: 1, updatedAt: 11, lastConfiguration: "echo" },
        { id: "new", turnCount: 0, updatedAt: 2 },
      ]);
    });
  });

  describe("a turn", () => {
    it("reads as unfinished, with the user's message, from its start to its end", async () => {
      const store = await fresh();
      await store.open("s", 1);
      await store.begin("s", start(3));
      const reader = (await another()) ?? store;
      expect((await reader.load("s"))?.turns).toEqual([
        { id: "turn3", configuration: "echo", status: "unfinished", messages: [ask(3)], startedAt: 3 },
      ]);
    });

    it("reads back exactly as it was finished, in the order the turns began", async () => {
      const store = await fresh();
      await store.open("s", 1);
      const turns = [turn(1), { ...turn(2), status: "failed", error: "It broke." } as const, turn(3)];
      for (const one of turns) {
        await store.begin("s", start(one.startedAt));
        await store.finish("s", one);
      }
      const reader = (await another()) ?? store;
      expect((await reader.load("s"))?.turns).toEqual(turns);
    });

    it("stays one turn when it is finished twice, and is added when it never began", async () => {
      const store = await fresh();
      await store.open("s", 1);
      await store.finish("s", turn(1));
      await store.finish("s", { ...turn(1), error: "second" });
      await store.finish("s", turn(2));
      expect((await store.load("s"))?.turns).toEqual([{ ...turn(1), error: "second" }, turn(2)]);
    });

    it("is not changed by who wrote it or read it, afterwards", async () => {
      const store = await fresh();
      await store.open("s", 1);
      const mine = structuredClone(turn(1));
      await store.finish("s", mine);
      (mine.messages as unknown[]).length = 0;
      ((await store.load("s"))?.turns as unknown[]).length = 0;
      expect((await store.load("s"))?.turns).toEqual([turn(1)]);
    });

    it("keeps any text: other scripts, control characters, quotes, a megabyte", async () => {
      const store = await fresh();
      await store.open("s", 1);
      const texts = ["naïve 日本語 👩‍👩‍👧 عربى", "\u0000\u001b[31m\r\n\t", `'";--`, "x".repeat(1_000_000)];
      for (const [at, text] of texts.entries()) await store.finish("s", turn(at + 1, text));
      expect((await store.load("s"))?.turns).toEqual(texts.map((text, at) => turn(at + 1, text)));
    });

    it("is refused in a session that is not open here, and changes nothing", async () => {
      const store = await fresh();
      await expect(store.begin("s", start(1))).rejects.toMatchObject({ code: "ORCH_SESSION_NOT_HELD" });
      await store.open("s", 1);
      await store.release("s");
      await expect(store.finish("s", turn(1))).rejects.toMatchObject({ code: "ORCH_SESSION_NOT_HELD" });
      expect((await store.load("s"))?.turns).toEqual([]);
    });
  });

  it("lets go of everything when it is closed, twice if need be", async () => {
    const store = await fresh();
    await store.open("s", 1);
    await store.finish("s", turn(1));
    await store.close();
    await store.close();
    const next = await another();
    if (next) expect(await next.open("s", 2)).toMatchObject({ turnCount: 1 });
  });
}

function ask(at: number): UserMessage {
  return { role: "user", content: [{ type: "text", text: `question ${at}` }] };
}

function start(at: number): { id: string; configuration: string; message: UserMessage; startedAt: number } {
  return { id: `turn${at}`, configuration: "echo", message: ask(at), startedAt: at };
}

function turn(at: number, text = `answer ${at}`): TurnRecord {
  const origin = { provider: "test", api: "test", model: "test" };
  const call: AssistantMessage = {
    role: "assistant",
    content: [{ type: "tool-call", id: "c", name: "look", rawInput: '{"deep":[1]}', input: { deep: [1] } }],
    origin,
    finish: { reason: "tool-calls" },
  };
  return {
    id: `turn${at}`,
    configuration: "echo",
    status: "completed",
    messages: [
      ask(at),
      call,
      { role: "tool", content: [{ type: "tool-result", id: "c", name: "look", output: "seen" }] },
      { role: "assistant", content: [{ type: "text", text }], origin, finish: { reason: "stop" } },
    ],
    startedAt: at,
    endedAt: at + 1,
    usage: { input: 10, output: 2 },
    cost: 0.25,
  };
}
