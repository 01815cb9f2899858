import { memorySessions } from "@orch/chat-runtime";
import { expect, it } from "vitest";
import { deleteUnused } from "./retention.ts";

it("deletes what was not used for so many days, and nothing that is open", async () => {
  const store = memorySessions();
  const day = 24 * 60 * 60_000;
  const about = { title: "", turnCount: 0, turns: [] };
  for (const [id, updatedAt] of [
    ["old", 1],
    ["open", 1],
    ["new", 9 * day],
  ] as const)
    await store.add({ ...about, id, createdAt: 1, updatedAt });
  await store.open("open", 2);
  expect(await deleteUnused(store, 3, 10 * day)).toBe(1);
  expect((await store.list()).map(({ id }) => id)).toEqual(["new", "open"]);
});
