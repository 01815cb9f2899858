import { agentEvents } from "@orch/agents";
import {
  all,
  background,
  collect,
  dossier,
  each,
  items,
  type OrchestrationEvent,
  orchestration,
  question,
  runnable,
  signal,
  speech,
  until,
} from "@orch/core";
import { memoryHost } from "@orch/core/host";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { plainText } from "../terminal/styled.ts";
import { createTheme } from "../terminal/theme.ts";
import { runHtml } from "./run-html.ts";
import { runMarkdown } from "./run-markdown.ts";
import { readRun } from "./run-reader.ts";
import type { RunRecord, RunStep } from "./run-record.ts";
import { type RunRow, rowsOfRun } from "./run-rows.ts";
import { stepDetails } from "./step-details.ts";
import { lookOf, reasonOfMove } from "./step-look.ts";

/** Two lanes, one of which fails once, a choice, and a question. */
async function told(): Promise<{
  readonly live: OrchestrationEvent[];
  readonly kept: readonly OrchestrationEvent[];
}> {
  let tries = 0;
  const web = runnable("web", (text: string, ctx) => {
    ctx.emit(speech, "looking ");
    ctx.emit(speech, "around");
    ctx.spend({ inputTokens: 10, outputTokens: 5, cost: 0.01, model: "test/m" });
    return `${text} on the web`;
  });
  const files = runnable({
    id: "files",
    retry: { attempts: 2 },
    invoke: (text: string, ctx) => {
      if (++tries === 1) throw new Error("not yet");
      ctx.emit(agentEvents, { type: "agent.started", model: "m", agent: "a", turn: 1 });
      return `${text} in files`;
    },
  });
  const both = all("both", { web, files });
  const approve = question("approve", { ask: () => "Go on?", answer: z.boolean() });
  const stop = runnable("stop", () => "stopped");
  const go = runnable("go", () => "went");
  const flow = orchestration("flow", (o) =>
    o
      .start(both)
      .advance(both, stop, { label: "nothing found", when: ({ web }) => web === "" })
      .advance(both, approve, { label: "found" })
      .advance(approve, go, { label: "yes", when: (yes) => yes })
      .advance(approve, stop)
      .finish(go)
      .finish(stop),
  );
  const host = memoryHost();
  const live: OrchestrationEvent[] = [];
  const run = flow.start("cats", { host, onEvent: (event) => void live.push(event) });
  for await (const event of run.events())
    if (event.type === "question.asked") await run.answer(event.question, true);
  await run.result;
  return { live, kept: await host.events(flow, run.id) };
}

const outline = (run: RunRecord): string[] =>
  rowsOfRun(run).map(({ step, depth }) => `${"  ".repeat(depth)}${nameOf(step)}`);

function nameOf(step: RunStep): string {
  switch (step.type) {
    case "state":
      return `${step.state} ${step.status}`;
    case "move":
      return `to ${step.to}: ${reasonOfMove(step)}`;
    case "question":
      return `asks, ${step.status}`;
    default:
      return step.type;
  }
}

describe("a run that is read from its events", () => {
  it("has its states, lanes, moves and questions in order, live and afterwards", async () => {
    const { live, kept } = await told();
    const expected = [
      "both done",
      "  web done",
      "  files done",
      "to approve: found · nothing found declined",
      "approve done",
      "  asks, done",
      "to go: yes",
      "go done",
    ];
    expect(outline(readRun(live))).toEqual(expected);
    expect(outline(readRun(kept))).toEqual(expected);
  });

  it("has values, attempts, what was spent and, where it was heard, what was said", async () => {
    const { live, kept } = await told();
    const run = readRun(live);
    expect(run).toMatchObject({
      status: "done",
      input: "cats",
      output: { value: "went" },
      tokens: 15,
      cost: 0.01,
    });
    const [both] = run.steps;
    expect(both).toMatchObject({
      ...{
        kind: "all",
        tokens: 15,
        input: "cats",
        output: { value: { web: "cats on the web", files: "cats in files" } },
      },
      inside: [
        { lane: "web", text: "looking around", models: ["test/m"], tokens: 15 },
        { lane: "files", text: "", attempts: [{ attempt: 1, error: { message: "not yet" } }] },
      ],
    });
    const { inside } = readRun(kept).steps[0] as Extract<RunStep, { type: "state" }>;
    expect(inside).toMatchObject([{ text: "" }, { attempts: [{ attempt: 1 }] }]);
  });

  it("tells every event once, however often it comes", async () => {
    const { live } = await told();
    expect(readRun([...live, ...live.filter((event) => !("part" in event))])).toEqual(readRun(live));
  });

  it("stands at any event of a replay", async () => {
    const { kept } = await told();
    for (let count = 0; count <= kept.length; count++) {
      const rows = rowsOfRun(readRun(kept.slice(0, count)));
      expect(new Set(rows.map(({ step }) => step.key)).size).toBe(rows.length);
    }
    expect(readRun([])).toMatchObject({ status: "idle", steps: [] });
    const asked = kept.findIndex(({ type }) => type === "question.asked");
    expect(readRun(kept.slice(0, asked + 1))).toMatchObject({ status: "waiting", waiting: 1 });
  });

  it("filters rows by every word, in names and values", async () => {
    const { kept } = await told();
    const found = (filter: string) => rowsOfRun(readRun(kept), filter).map(({ step }) => nameOf(step));
    expect(found("cats FILES")).toEqual(["both done", "files done"].concat(found("cats FILES").slice(2)));
    expect(found("nothing found")).toEqual(["to approve: found · nothing found declined"]);
    expect(found("no such word")).toEqual([]);
  });
});

it("T22: tokens that are estimated are marked in the state, around it, and in the run", () => {
  const base = { seq: 0, time: 0, runId: "r", visit: 1 };
  const place = (path: string, state: string) => ({ ...base, path, state });
  const usage = { input: 3, output: 1, estimated: true };
  const turn = { type: "agent.turn.completed", agent: "a", turn: 1, usage };
  const told = [
    { ...place("o", "o"), type: "run.started", orchestration: "o", input: "" },
    { ...place("o/plan#1", "plan"), type: "state.started", kind: "runnable", input: "" },
    { ...place("o/plan#1", "plan"), type: "state.usage", spending: { inputTokens: 3, outputTokens: 1 } },
    { ...place("o/plan#1", "plan"), type: "state.completed", output: "", duration: 1 },
    { ...place("o/all#1", "all"), type: "state.started", kind: "all", input: "", branches: 1 },
    { ...place("o/all#1[web]/a#1", "a"), type: "state.started", kind: "runnable", input: "" },
    { ...place("o/all#1[web]/a#1", "a"), type: "state.usage", spending: { inputTokens: 3, outputTokens: 1 } },
    { ...place("o/all#1[web]/a#1", "a"), type: "state.output", part: 1, channel: "agent", data: turn },
  ].map((event, at) => ({ ...event, seq: at + 1 }) as OrchestrationEvent);
  const run = readRun(told);
  expect(run).toMatchObject({ tokens: 8, isEstimated: true });
  const marks = rowsOfRun(run).flatMap(({ step }) =>
    step.type === "state" ? [`${step.state} ${step.isEstimated ?? false}`] : [],
  );
  expect(marks).toEqual(["plan false", "all true", "a true"]);
});

/** A fan-out that grows and whose results are taken as they come, something in the background, and a wait for a signal. */
async function order(): Promise<readonly OrchestrationEvent[]> {
  const desk = dossier<{ ticket: string }>("desk");
  const paid = signal("paid", z.number());
  const take = runnable("take", (text: string) => text);
  const released = signal("release", z.string());
  const audit = background("audit", until("release", { signal: released }));
  const links = items<string>("links");
  const visit = runnable("visit", (url: string, ctx) => {
    if (url === "a") links.add(ctx, "b");
    return `page ${url}`;
  });
  const crawl = each("crawl", visit, {
    items: links,
    follow: runnable("sum", (page: string) => `of ${page}`),
  });
  const payment = until("payment", { signal: paid, timeout: 60_000 });
  const late = collect("late", audit);
  const flow = orchestration("order", (o) =>
    o
      .start(take)
      .advance(take, audit, { add: desk.add((ticket) => ({ ticket })) })
      .advance(audit, crawl, { convert: () => ["a"] })
      .advance(crawl, payment)
      .advance(payment, late)
      .finish(late),
  );
  const run = flow.start("lamps");
  const events: OrchestrationEvent[] = [];
  for await (const event of run.events()) {
    events.push(event);
    if (event.type !== "run.waiting") continue;
    if (event.signals?.includes("paid") === true) await run.signal(paid, 12);
    else await run.signal(released, "go");
  }
  return events;
}

describe("a run that waits for more than people", () => {
  it("says what it waits for, what came, what an edge added, and what takes the result of a branch", async () => {
    const events = await order();
    const at = events.findIndex(({ type }) => type === "run.waiting");
    const waiting = readRun(events.slice(0, at + 1));
    const looks = (run: RunRecord) =>
      rowsOfRun(run).map(({ step, parent, depth }) => {
        const { label, note } = lookOf(step, parent, step.time);
        return `${"  ".repeat(depth)}${label}  ${note}`;
      });

    expect(waiting.status).toBe("waiting");
    expect(looks(waiting)).toEqual([
      "take  “lamps”",
      "audit  always",
      "audit  “lamps”",
      "  audit.release  waits for the signal release",
      "crawl  always",
      "crawl  2 items",
      "  crawl.1  “page a”",
      "  crawl.1.sum  “of page a”",
      "  crawl.2  “page b”",
      "  crawl.2.sum  “of page b”",
      "payment  always",
      "payment  waits for the signal paid, at most 1m 00s",
    ]);
    expect(readRun(events.slice(0, at + 2)).status).toBe("running");
    const ended = readRun(events);
    expect(looks(ended).slice(11)).toEqual([
      "payment  by signal · value 12",
      "the signal paid came: 12  ",
      "late  always",
      "late  by signal · value go",
      'the signal release came: "go"  ',
    ]);
    const style = { width: 60, theme: createTheme({ env: { NO_COLOR: "1" } }) };
    const details = (row: RunRow) => stepDetails(row, style, 0).map(plainText);
    const [move] = rowsOfRun(ended).filter(({ step }) => step.type === "move");
    expect(details(move!)).toEqual(expect.arrayContaining(["Added to the dossier desk", "ticket: lamps"]));
    const payment = rowsOfRun(ended).find(({ step }) => step.type === "state" && step.state === "payment");
    expect(details(payment!)).toEqual(
      expect.arrayContaining(["Wait", "waits for the signal paid, at most 1m 00s", "The signal looks like"]),
    );
    for (const page of [runMarkdown(ended), runHtml(ended, "")]) {
      expect(page).toContain("Added to the dossier desk");
      expect(page).toContain("It waits for the signal paid, at most 1m 00s");
    }
  });
});

it("has the time in which it worked, without the hours until somebody tried it again", () => {
  const tell = (seq: number, type: string, time: number, more: object): OrchestrationEvent =>
    ({ runId: "r", path: "flow", seq, type, time, ...more }) as unknown as OrchestrationEvent;
  const error = { name: "Error", message: "no file" };
  const hour = 3_600_000;
  const tried = [
    tell(1, "run.started", 1_000, { orchestration: "flow", input: "x" }),
    tell(2, "run.failed", 1_100, { error, duration: 100 }),
    tell(3, "run.retried", hour, {}),
    tell(4, "run.failed", hour + 50, { error, duration: hour - 950 }),
    tell(5, "run.retried", 3 * hour, {}),
  ];
  expect(readRun(tried.slice(0, 4)).duration).toBe(150);
  expect(readRun(tried).duration).toBeUndefined();
  const done = tell(6, "run.completed", 3 * hour + 20, { output: "y", duration: 3 * hour - 980 });
  expect(readRun([...tried, done]).duration).toBe(170);
});
