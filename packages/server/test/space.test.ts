/** Servers that share a host, and orchestrations that are exchanged while runs go on. */
import { orchestration, question, type RunContext, runnable } from "@orch/core";
import { memoryHost } from "@orch/core/host";
import { expect, test } from "vitest";
import { z } from "zod";
import { createServer, principalOf, type Server } from "../src/index.ts";

function greeting(word: string): ReturnType<typeof orchestration<string, string>> {
  const who = question("who", { ask: (_: string) => "Who?", answer: z.string() });
  const greet = runnable("greet", (name: string, ctx: RunContext) => {
    const principal = principalOf(ctx.runId)?.id ?? "nobody";
    return `${word}, ${name}, from ${principal}`;
  });
  return orchestration<string, string>("greeting", (o) => o.start(who).advance(who, greet).finish(greet));
}

/** Answers the only question of a run, and gives what the run gave. */
async function answered(server: Server, run: string, principal?: { readonly id: string }): Promise<unknown> {
  const runs = server.runs(principal);
  let output: unknown;
  for await (const event of await runs.follow(run)) {
    if (event.type === "question.asked") await runs.answer(run, event.question, "Ada");
    if (event.type === "state.completed" && event.state === "greet") output = event.output;
  }
  return output;
}

test("servers with spaces of their own share a host, and see no run of each other's", async () => {
  const host = memoryHost();
  const orchestrations = { greeting: { orchestration: greeting("Hello") } };
  const [one, two] = ["one", "two"].map((space) => createServer({ host, orchestrations, space, doors: [] }));
  const run = await one!.runs().start("greeting", "x", { id: "mine" });
  const hers = await one!.runs({ id: "ada" }).start("greeting", "x");
  expect(run).toBe("mine");
  expect(await two!.runs().start("greeting", "x", { id: "mine" })).toBe("mine");
  expect((await host.list()).map(({ runId }) => runId).toSorted()).toEqual([
    "one~mine",
    expect.stringMatching(/^one~p-\w+\./),
    "two~mine",
  ]);
  await expect(two!.runs({ id: "ada" }).describe(hers)).rejects.toThrow();
  await expect(one!.runs().describe("two~mine")).rejects.toThrow();
  expect(await answered(one!, hers, { id: "ada" })).toBe("Hello, Ada, from ada");
  expect(await answered(one!, run)).toBe("Hello, Ada, from nobody");
  expect((await two!.runs().describe("mine")).status).toBe("waiting");
  await two!.park();
  const again = createServer({ host, orchestrations, space: "one", doors: [] });
  expect((await again.resume()).runs).toBe(0);
  const third = createServer({ host, orchestrations, space: "two", doors: [] });
  expect(await third.resume()).toEqual({ runs: 1, turns: 0, problems: [] });
  expect(await answered(third, "mine")).toBe("Hello, Ada, from nobody");
});

test("an orchestration that is exchanged starts new runs, and those under way end as they began", async () => {
  const server = createServer({
    orchestrations: { greeting: { orchestration: greeting("Hello") } },
    doors: [],
  });
  const before = await server.runs().start("greeting", "x");
  server.offer({ greeting: { orchestration: greeting("Bye") } });
  const after = await server.runs().start("greeting", "x");
  expect(await answered(server, after)).toBe("Bye, Ada, from nobody");
  expect(await answered(server, before)).toBe("Hello, Ada, from nobody");
  expect(() => server.offer({ "a b": { orchestration: greeting("No") } })).toThrow("no name");
  expect(server.runs().orchestrations.map(({ name }) => name)).toEqual(["greeting"]);
});

test.each(["", "a.b", "a~b"])("%o is no space", (space) => {
  expect(() => createServer({ doors: [], space })).toThrow("no space for runs");
});
