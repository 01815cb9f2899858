import { memorySessions } from "@orch/chat-runtime";
import { expect, it } from "vitest";
import { deleteUnused } from "./retention.ts";

it("deletes what was not used for so many days, and nothing that is open", async () => {
  const store = memorySessions();
  const day = 24 * 60 * 60_000;
  const turn = { id: "t", configuration: "c", status: "completed", startedAt: 1, messages: [] } as const;
  const about = { title: "", turnCount: 1, turns: [turn] };
  for (const [id, updatedAt] of [
    ["old", 1],
    ["open", 1],
    ["new", 9 * day],
  ] as const)
    await store.add({ ...about, id, createdAt: 1, updatedAt });
  // A program that was killed before its first message was kept.
  await store.add({ id: "empty", title: "", createdAt: 1, updatedAt: 8.5 * day, turnCount: 0, turns: [] });
  await store.open("open", 2);
  expect(await deleteUnused(store, 3, 10 * day)).toBe(2);
  expect((await store.list()).map(({ id }) => id)).toEqual(["new", "open"]);
});
