import { each, orchestration, runnable } from "@orch/core";
import { expect, test } from "vitest";
import { plainText } from "../terminal/styled.ts";
import { createTheme } from "../terminal/theme.ts";
import { modelCommand } from "./model.ts";

const plan = runnable("plan", (text: string) => [text]);
const searchAll = each(
  "searchAll",
  runnable("search", (text: string) => text),
);
const join = runnable("join", (all: readonly string[]) => all.join());
const { graph } = orchestration("research", (o) =>
  o.start(plan).advance(plan, searchAll).advance(searchAll, join).finish(join),
);

function desk(stateModels = {}) {
  const done: unknown[] = [];
  const rows: string[] = [];
  const command = modelCommand({
    graph,
    stateModels,
    orchestration: "research",
    model: "a/m",
    models: [{ id: "a/m" }, { id: "local/extractive", description: "quotes" }],
    print: (entry) => void rows.push(...entry({ width: 70, theme: createTheme() }).map(plainText)),
    change: async (names) => void done.push(names),
    changeState: async (...choice) => void done.push(choice),
  });
  return { done, rows, command };
}

test("T19: /model chooses for all states, for one, and takes that back", async () => {
  const { done, command } = desk({ plan: "b/n" });
  await command.run("b/n");
  await command.run("search  b/n");
  await command.run("searchAll/search b/n");
  await command.run("plan default");
  expect(done).toEqual([
    { model: "b/n" },
    ["search", "b/n"],
    ["searchAll/search", "b/n"],
    ["plan", undefined],
  ]);
});

test("T19: /model names the nearest state, and says what holds", async () => {
  const { done, rows, command } = desk({ plan: "b/n" });
  await command.run("plam b/n");
  await command.run("b/n c/d e/f");
  await command.run("plan");
  await command.run("");
  expect(done).toEqual([]);
  expect(rows[0]).toBe("! research has no state plam. Did you mean plan?");
  expect(rows[1]).toContain("/model <state> provider/model");
  // A model that was typed is a choice as well.
  expect(rows).toContain("✓ b/n");
  expect(rows).toContain("✓ a/m");
  expect(rows.at(-1)).toBe("state plan  b/n");
});

test("T19: completion offers the states of the graph with each model", () => {
  const values = desk({ plan: "b/n" })
    .command.values?.()
    .map(({ value }) => value);
  expect(values).toContain("local/extractive");
  expect(values).toContain("searchAll/search a/m");
  expect(values).toContain("plan default");
  expect(values).not.toContain("join default");
});
