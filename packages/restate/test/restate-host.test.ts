/** What a client meets: runs that are read, steered and listed from any process, and what is refused by name. */
import { each, orchestration, question, type Run, runnable, sleep } from "@orch/core";
import { restateHost } from "@orch/restate";
import { type RestateWorker, type RestateWorkerOptions, restateWorker } from "@orch/restate/worker";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { thorough } from "../../../scripts/lanes.ts";
import { NO_RESTATE, RestateServer, restateServerPath } from "../../../scripts/restate-server.ts";

if (restateServerPath === undefined) console.log(NO_RESTATE);

const ask = question("ask", { ask: (text: string) => ({ text }), answer: z.enum(["yes", "no"]) });
const asking = orchestration("asking", (o) => o.start(ask).finish(ask));
const ID = "asking/ask#1";

describe.skipIf(restateServerPath === undefined || !thorough)("a run on a server", () => {
  let server: RestateServer;
  let workers: RestateWorker[] = [];
  beforeAll(async () => {
    server = await RestateServer.start();
  });
  afterEach(async () => {
    for (const worker of workers) await worker.close();
    workers = [];
  });
  afterAll(() => server?.stop());

  /** A worker under a prefix of its own, and a host for it. */
  const open = async (
    prefix: string,
    options: RestateWorkerOptions,
  ): Promise<ReturnType<typeof restateHost>> => {
    const worker = restateWorker({ port: 0, prefix, log: () => {}, ...options });
    workers.push(worker);
    await worker.listen();
    await worker.register(server.admin);
    return restateHost({ ingress: `${server.ingress}/`, admin: server.admin, prefix, timeout: 20_000 });
  };
  const waiting = async (run: Run<unknown>): Promise<void> => {
    for await (const { type } of run.events()) if (type === "run.waiting") return;
  };

  it("is read and answered by a process that only knows its id, and an answer counts once", async () => {
    const host = await open("read", { flows: [asking] });
    await waiting(asking.start("Sure?", { host, runId: "a/b" }));
    const kept = host.run("a/b");

    expect(await kept.status()).toBe("waiting");
    expect((await kept.questions()).map(({ id, prompt }) => [id, prompt])).toEqual([[ID, { text: "Sure?" }]]);
    expect(await kept.describe()).toMatchObject({
      status: "waiting",
      open: [{ path: ID, kind: "question" }],
    });
    expect(await kept.change()).toEqual({ same: true });
    await expect(kept.answer(ID, "perhaps")).rejects.toMatchObject({ code: "ORCH_INVALID_ANSWER" });
    await expect(kept.answer("asking/other", "yes")).rejects.toMatchObject({
      code: "ORCH_UNKNOWN_QUESTION",
      facts: { open: [ID] },
    });
    const answers = await Promise.allSettled([kept.answer(ID, "yes"), host.answer(asking, "a/b", ID, "no")]);
    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(["yes", "no"]).toContain(await kept.result);
    await expect(kept.answer(ID, "yes")).rejects.toMatchObject({ code: "ORCH_ALREADY_ANSWERED" });
    await expect(kept.cancel()).rejects.toMatchObject({ code: "ORCH_RUN_ENDED" });
    expect((await host.events(asking, "a/b")).at(-1)).toMatchObject({ type: "run.completed" });
  });

  it("is listed newest first, page by page, and deleted when it has ended", async () => {
    const host = await open("listed", { flows: [asking] });
    for (const runId of ["it's 1", "it's 2", "other"]) await waiting(asking.start("?", { host, runId }));
    const ids = async (query: Parameters<typeof host.list>[0]): Promise<readonly string[]> =>
      (await host.list(query)).map(({ runId }) => runId);

    expect(await ids({})).toEqual(["other", "it's 2", "it's 1"]);
    expect(await ids({ prefix: "it's" })).toEqual(["it's 2", "it's 1"]);
    expect(await ids({ limit: 1, after: "other" })).toEqual(["it's 2"]);
    expect(await ids({ status: ["completed"] })).toEqual([]);
    expect(await ids({ orchestration: "asking", status: "waiting" })).toHaveLength(3);
    await expect(host.delete("other")).rejects.toMatchObject({ code: "ORCH_OPTION" });
    await host.cancel(asking, "other", "enough");
    expect(await ids({ status: "cancelled" })).toEqual(["other"]);
    await host.delete("other");
    expect(await host.get("other")).toBeUndefined();
    await expect(host.run("other").result).rejects.toMatchObject({ code: "ORCH_UNKNOWN_RUN" });
    await expect(host.list({ after: "other" })).rejects.toMatchObject({ code: "ORCH_OPTION" });
    await expect(restateHost({ ingress: server.ingress }).list()).rejects.toMatchObject({
      code: "ORCH_OPTION",
    });
  });

  it("goes on in segment after segment, so that no journal of the engine grows with the run", async () => {
    const step = runnable("step", (n: number) => n + 1);
    const long = orchestration("long", (o) =>
      o
        .start(step)
        .advance(step, step, { when: (n) => n < 60 })
        .finish(step),
    );
    const host = await open("long", { flows: [long], journalLength: 8 });
    expect(await long.run(0, { host, runId: "r" })).toBe(60);
    const events = await host.events(long, "r");
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, place) => place + 1));
    expect(events.filter(({ type }) => type === "state.completed")).toHaveLength(60);
  });

  it("performs a fan-out of hundreds in parts, and keeps their order", async () => {
    const double = runnable("double", (n: number) => n * 2);
    const fan = each("fan", double, { concurrency: Number.POSITIVE_INFINITY });
    const wide = orchestration("wide", (o) => o.start(fan).finish(fan));
    const host = await open("wide", { flows: [wide] });
    const items = Array.from({ length: 300 }, (_, place) => place);
    expect(await wide.run(items, { host })).toEqual(items.map((n) => n * 2));
  });

  it("tells an attempt elsewhere that it is not wanted any more", async () => {
    let aborted = "";
    const slow = runnable("slow", async (_: string, ctx) => {
      await new Promise<void>((resolve) =>
        ctx.signal.addEventListener("abort", () => resolve(), { once: true }),
      );
      aborted = ctx.path;
      return "late";
    });
    const flow = orchestration("aborts", (o) => o.start(slow).finish(slow));
    const host = await open("aborts", { flows: [flow], remote: [slow] });
    const run = flow.start("x", { host, grace: 5_000 });
    for await (const { type } of run.events()) if (type === "state.started") break;
    await run.cancel("enough");
    await expect(run.result).rejects.toMatchObject({ code: "ORCH_CANCELLED", facts: { reason: "enough" } });
    expect(aborted).toBe("aborts/slow#1");
  });

  it("waits for a worker that has its definition, and says so", async () => {
    // So long that the other version is there before it is over, also on a busy machine.
    const nap = sleep<string>("nap", 4_000);
    const made = (version: string) => orchestration("pinned", (o) => o.start(nap).finish(nap), { version });
    const [old, young] = [made("1"), made("2")];
    const host = await open("pinned", { flows: [old], restAfter: 0 });
    const run = old.start("x", { host, runId: "r" });
    for await (const { type } of run.events()) if (type === "state.started") break;
    await open("pinned", { flows: [young], restAfter: 0 });
    await expect(old.run("x", { host })).rejects.toMatchObject({
      code: "ORCH_RESTATE_DEFINITION",
      facts: { version: "1", known: [expect.stringContaining("2 (")] },
    });
    for await (const event of host.run("r").events()) {
      if (event.type !== "run.paused") continue;
      expect(event.reason).toContain('no worker has "pinned" in version 1');
      break;
    }
    expect(await host.get("r")).toMatchObject({ status: "paused" });
    await open("pinned", { flows: [old, young] });
    expect(await run.result).toBe("x");
  });

  it("goes on after its invocation was killed on the server, without doing anything again", async () => {
    let executions = 0;
    const work = runnable("work", (text: string) => `${text}${++executions}`);
    const flow = orchestration("killed", (o) => o.start(work).advance(work, ask).finish(ask));
    const host = await open("killed", { flows: [flow] });
    const run = flow.start("x", { host, runId: "r" });
    await waiting(run);
    const sql =
      "select id from sys_invocation where target_service_name = 'killed-run' and target_handler_name = 'drive' and status <> 'completed'";
    const post = {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
    };
    const found = await fetch(`${server.admin}/query`, { ...post, body: JSON.stringify({ query: sql }) });
    const { rows } = (await found.json()) as { readonly rows: readonly { readonly id: string }[] };
    expect(rows).toHaveLength(1);
    await fetch(`${server.admin}/invocations/${rows[0]!.id}/kill`, { method: "PATCH" });
    await host.resume(flow, "r");
    await host.answer(flow, "r", "killed/ask#1", "yes");
    expect(await run.result).toBe("yes");
    expect(executions).toBe(1);
  });

  it("refuses a value that is too large, on its way in and on its way out", async () => {
    const grow = runnable("grow", (n: number) => "x".repeat(n));
    const flow = orchestration("large", (o) => o.start(grow).finish(grow));
    const host = await open("large", { flows: [flow], maxPayload: 1_000 });
    expect(await flow.run(100, { host })).toHaveLength(100);
    await expect(flow.run(2_000, { host })).rejects.toMatchObject({
      code: "ORCH_RUNNABLE_FAILED",
      cause: { code: "ORCH_RESTATE_PAYLOAD", facts: { what: "what large/grow#1 left", limit: 1_000 } },
    });
    const small = restateHost({ ...server, prefix: "large", maxPayload: 100 });
    await expect(asking.run("x".repeat(200), { host: small })).rejects.toMatchObject({
      code: "ORCH_RESTATE_PAYLOAD",
    });
  });

  it("is forgotten when its time is over", async () => {
    const shout = runnable("shout", (text: string) => text.toUpperCase());
    const flow = orchestration("brief", (o) => o.start(shout).finish(shout));
    const host = await open("brief", { flows: [flow], retention: 1_000 });
    expect(await flow.run("x", { host, runId: "r" })).toBe("X");
    expect(await host.get("r")).toMatchObject({ status: "completed" });
    await expect.poll(() => host.get("r"), { timeout: 30_000 }).toBeUndefined();
  });

  it("says in a sentence that no deployment is registered, or that requests without a signature are refused", async () => {
    const host = restateHost({ ...server, prefix: "nobody" });
    await expect(asking.run("?", { host })).rejects.toMatchObject({
      code: "ORCH_RESTATE_NOT_REGISTERED",
      facts: { service: "nobody-inbox" },
    });
    const identityKeys = ["publickeyv1_2G8dCQhArfvGpzPw5Vx2ALciR4xCLHfS5YaT93XjNxX9"];
    const worker = restateWorker({ flows: [asking], port: 0, identityKeys, log: () => {} });
    workers.push(worker);
    await worker.listen();
    await expect(worker.register(server.admin)).rejects.toMatchObject({ code: "ORCH_RESTATE_REFUSED" });
  });
});
