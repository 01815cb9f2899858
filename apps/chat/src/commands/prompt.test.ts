import { expect, test } from "vitest";
import type { Entry } from "../transcript/entry.ts";
import type { Desk } from "./command.ts";
import { promptCommand } from "./prompt.ts";

function desk() {
  const put: string[] = [];
  const filled: unknown[] = [];
  let entries: Entry[] = [];
  const command = promptCommand({
    edit: (text: string) => put.push(text),
    print: (entry: Entry) => {
      entries = [...entries, entry];
    },
    serverPrompts: {
      list: async () => [{ id: "lab/review", description: "Reviews.", fields: ["file", "tone?"] }],
      fill: async (id: string, fields: object) => {
        filled.push(fields);
        return id === "lab/review" ? "Review it." : undefined;
      },
    },
  } as unknown as Desk);
  return { command, put, filled, printed: () => entries.length };
}

test("/prompt puts a prompt into the input, with its fields, which may have spaces", async () => {
  const { command, put, filled, printed } = desk();
  await command.run("lab/review file=a b.ts tone=very kind");
  expect([put, filled, printed()]).toEqual([["Review it."], [{ file: "a b.ts", tone: "very kind" }], 0]);
});

test("/prompt lists what there is, also after a name that there is not", async () => {
  const { command, put, printed } = desk();
  await command.run("");
  expect(printed()).toBe(1);
  await command.run("lab/nothing");
  expect([put, printed()]).toEqual([[], 3]);
});
