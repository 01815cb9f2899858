import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";

const read = (path: string): Promise<string> => readFile(new URL(`../${path}`, import.meta.url), "utf8");

/** The rows of the table in docs/events.md that has this head: the cells, without what explains them. */
function rowsOf(page: string, head: string): string[][] {
  const table = page.slice(page.indexOf(`| ${head} |`)).split("\n\n")[0]!;
  return table
    .split("\n")
    .slice(2)
    .map((row) => row.split("|").slice(1, -1));
}

const namesIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);

describe("E21: docs/events.md", () => {
  it("has a row for every event, with its own fields, and says whether it is kept", async () => {
    const [page, ...sources] = await Promise.all([
      read("docs/events.md"),
      read("packages/core/src/words/events.ts"),
      read("packages/core/src/words/signal-events.ts"),
    ]);
    const source = sources.join("\n");
    const bodyOf = (name: string): string =>
      new RegExp(`^export interface ${name} [^]*?\n}`, "m").exec(source)![0];
    const live = new Map(
      [...source.matchAll(/\{ readonly event: (\w+); readonly live: (true|false) \}/g)].map(
        ([, name, isLive]) => [name, isLive === "true" ? "live" : "kept"] as const,
      ),
    );
    const declared = [...source.matchAll(/^export interface (\w+) extends \w*EventBase(?:, (\w+))? \{\n/gm)]
      .map(
        ([, name, other]) =>
          [name!, [name!, ...(other === undefined ? [] : [other])].map(bodyOf).join("\n")] as const,
      )
      .filter(([name]) => live.has(name))
      .map(([name, body]) => {
        const type = /readonly type: "([^"]+)"/.exec(body)![1]!;
        const fields = [...body.matchAll(/^ {2}readonly (\w+\??):/gm)].map(([, field]) => field!);
        return [type, fields.filter((field) => field !== "type").sort(), live.get(name)] as const;
      });
    const shown = rowsOf(page, "event").map(
      ([name, fields, kind]) =>
        [namesIn(name!)[0]!, namesIn(fields!).sort(), kind!.trim().split(",")[0]] as const,
    );

    expect(declared).toHaveLength(live.size);
    expect(Object.fromEntries(shown.map((row) => [row[0], row]))).toEqual(
      Object.fromEntries(declared.map((row) => [row[0], row])),
    );
  });

  it("has a row for every event of an agent, with its own fields", async () => {
    const [page, source] = await Promise.all([
      read("docs/events.md"),
      read("packages/agents/src/words/events.ts"),
    ]);
    const union = source.slice(
      source.indexOf("export type AgentEvent ="),
      source.indexOf("export const agentEvents"),
    );
    const parts = union.split(/(?=readonly type: ")/).slice(1);
    const declared = parts.map((part) => {
      const [, type] = /^readonly type: "([^"]+)"/.exec(part)!;
      const own = part.slice(0, part.search(/\}/));
      return [type!, [...own.matchAll(/readonly (\w+\??):/g)].map(([, field]) => field!).slice(1)] as const;
    });
    const shown = new Map(
      rowsOf(page, "`agentEvents`").map(([name, fields]) => [namesIn(name!)[0]!, namesIn(fields!)]),
    );

    expect([...shown.keys()].sort()).toEqual(declared.map(([type]) => type).sort());
    for (const [type, fields] of declared)
      expect(shown.get(type), type).toEqual(expect.arrayContaining([...fields]));
  });
});
