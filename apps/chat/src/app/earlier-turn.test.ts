import { memorySessions } from "@orch/chat-runtime";
import { expect, test } from "vitest";
import { earlierTurn } from "./earlier-turn.ts";

test.each([
  ["31", "turn-90"],
  ["120", "turn-1"],
  ["121", undefined],
  ["30", undefined],
  ["turn-45", "turn-45"],
  ["n-7", undefined],
  ["n-77", "turn-77"],
  ["turn-99", undefined],
  ["nothing", undefined],
])("of 120 turns, the last 30 of them read, %s is %s", async (named, id) => {
  const store = memorySessions();
  const turns = Array.from({ length: 120 }, (_, at) => ({
    ...{ id: `turn-${at + 1}`, configuration: "chat", status: "completed" as const, startedAt: at },
    messages: [{ role: "user" as const, content: [{ type: "text" as const, text: `Question ${at + 1}` }] }],
  }));
  await store.add({ id: "s", title: "Long", createdAt: 1, updatedAt: 2, turnCount: 120, turns });
  const load = async (session: string, range: object) => (await store.load(session, range))!;
  const found = await earlierTurn(named, { session: "s", earlier: 90, later: 30 }, { load });
  expect(found?.id).toBe(id);
});
