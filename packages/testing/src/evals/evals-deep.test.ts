import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agent, agentRunnable, tool } from "@orch/agents";
import { asTool } from "@orch/agents/team";
import { each, orchestration, runnable } from "@orch/core";
import { DurableHost } from "@orch/core/host";
import { sqliteStore } from "@orch/sqlite";
import { expect, it } from "vitest";
import { z } from "zod";
import { scriptedModel } from "../model/scripted-model.ts";
import { caseOfRun } from "./case-of-run.ts";
import { evalDiff } from "./eval-table.ts";
import type { EvalKit, EvalTarget } from "./eval-target.ts";
import { sameTools } from "./path-scorers.ts";
import { recordCase } from "./record-case.ts";
import { runEval } from "./run-eval.ts";
import { sameOutput } from "./value-scorers.ts";

/** Answers by what it was asked, so that branches side by side get their own. */
const echo = () =>
  scriptedModel((request) => {
    const last = request.messages.at(-1)!;
    const text = JSON.stringify(last.content);
    const city = /Oslo|Rome|Bergen|Lima|Kyoto/.exec(JSON.stringify(request.messages))?.[0] ?? "nowhere";
    if (last.role === "tool") return `done ${city}`;
    if (request.tools?.some(({ name }) => name === "pay"))
      return { calls: [{ name: "pay", input: { city } }] };
    if (request.tools?.some(({ name }) => name === "expert"))
      return { calls: [{ name: "expert", input: { input: city } }] };
    return `about ${/"text":"([^"]*)"/.exec(text)?.[1]}`;
  });

const cities = ["Oslo", "Rome", "Bergen", "Lima", "Kyoto"];

function trips(words = "Be brief."): EvalTarget {
  return ({ model, recorded }: EvalKit) => {
    const pay = tool({
      name: "pay",
      description: "Pays.",
      input: z.object({ city: z.string() }),
      approve: true,
      invoke: ({ city }) => `paid ${city}`,
    });
    const expert = asTool(agent({ name: "expert", model: model("expert"), instructions: words }), {
      name: "expert",
      description: "Knows.",
    });
    const plan = agentRunnable<string, string>(
      agent({ name: "plan", model: model("expert"), instructions: words, tools: [expert] }),
    );
    const book = agentRunnable<string, string>(
      agent({ name: "book", model: model("booker"), instructions: words, tools: [recorded(pay)] }),
    );
    const trip = orchestration<string, string>("trip", (o) => o.start(plan).advance(plan, book).finish(book));
    const all = each("trips", trip);
    const join = runnable("join", (parts: readonly string[]) => parts.join("; "));
    return orchestration<readonly string[], string>("travel", (o) =>
      o.start(all).advance(all, join).finish(join),
    );
  };
}

it("replays branches side by side, an agent that is a tool, and approvals, each from its own place", async () => {
  const made = await recordCase("travel", cities, {
    target: trips(),
    models: { expert: echo(), booker: echo() },
    answer: () => true,
  });
  expect(made.expected.output).toBe(cities.map((city) => `done ${city}`).join("; "));
  expect(made.answers).toHaveLength(cities.length);
  const strict = await runEval(made, { target: trips(), match: "request" });
  expect(evalDiff(strict)).toBe("travel: nothing is wrong");
  expect(strict.trials[0]).toMatchObject({ unused: 0, changed: [], missing: [] });
  const changed = await runEval(made, { target: trips("Be long."), scorers: [sameOutput(), sameTools()] });
  expect(evalDiff(changed)).toBe("travel: nothing is wrong");
  expect(changed.trials[0]?.changed.length).toBe(made.calls.length);
  expect(changed.trials[0]?.unused).toBe(0);
});

it("does not give the yes of a person to another call", async () => {
  const made = await recordCase("travel", ["Oslo"], {
    target: trips(),
    models: { expert: echo(), booker: echo() },
    answer: () => true,
  });
  const live = {
    booker: scriptedModel((request) =>
      request.messages.at(-1)?.role === "tool"
        ? "done"
        : { calls: [{ name: "pay", input: { city: "Rome" } }] },
    ),
  };
  const result = await runEval(made, { target: trips(), live });
  expect(result.trials[0]).toMatchObject({
    outcome: { status: "waiting" },
    unanswered: [expect.any(String)],
  });
});

it("makes a case of a run in a file of SQLite, with branches and inner agents", async () => {
  const folder = await mkdtemp(join(tmpdir(), "orch-evals-"));
  const store = sqliteStore(join(folder, "runs.db"));
  const host = new DurableHost(store);
  const flow = trips()({ model: () => models, recorded: (one) => one }) as ReturnType<
    typeof orchestration<readonly string[], string>
  >;
  const run = flow.start(cities, { host, runId: "r" });
  for await (const event of run.events())
    if (event.type === "question.asked") await run.answer(event.question, true);
  const made = await caseOfRun("r", {
    events: host.run("r").events(),
    records: (await store.load("r")) ?? [],
  });
  await host.close();
  await rm(folder, { recursive: true });
  const result = await runEval(made, { target: trips() });
  expect(evalDiff(result)).toBe("r: nothing is wrong");
});
const models = echo();
