import { describe, expect, test } from "vitest";
import { complete, findCommand, nearestCommand } from "./completion.ts";

const commands = [
  { name: "graph", description: "Draw the orchestration", aliases: ["g"] },
  {
    name: "model",
    description: "Choose a model",
    values: () => [{ value: "openai/gpt" }, { value: "local/extractive" }],
  },
  { name: "quit", description: "Leave", aliases: ["exit"] },
];

describe("completion", () => {
  test("offers commands by what was typed of them", () => {
    expect(complete("/", 1, commands)?.items.map((item) => item.label)).toEqual([
      "/graph",
      "/model",
      "/quit",
    ]);
    expect(complete("/mo", 3, commands)).toMatchObject({ start: 1, end: 3, items: [{ insert: "model " }] });
    expect(complete("/exit", 5, commands)?.items[0]?.label).toBe("/quit");
    expect(complete("hello /mo", 9, commands)).toBeUndefined();
  });

  test("offers the values of an argument", () => {
    expect(complete("/model ext", 10, commands)).toEqual({
      start: 7,
      end: 10,
      items: [{ label: "local/extractive", insert: "local/extractive" }],
    });
    expect(complete("/model openai/gpt", 17, commands)).toBeUndefined();
    expect(complete("/graph x", 8, commands)).toBeUndefined();
  });

  test("finds a command, or the one that was meant", () => {
    expect(findCommand("g", commands)?.name).toBe("graph");
    expect(nearestCommand("grpah", commands)?.name).toBe("graph");
    expect(nearestCommand("zzzzzz", commands)).toBeUndefined();
  });
});
