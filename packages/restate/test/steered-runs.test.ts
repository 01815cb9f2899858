/** Runs that are steered while their workers are away, have moved or are busy: nothing is lost, and the server keeps nothing of looks. */
import { orchestration, question, type Run, runnable } from "@orch/core";
import { restateHost } from "@orch/restate";
import { type RestateWorker, type RestateWorkerOptions, restateWorker } from "@orch/restate/worker";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { thorough } from "../../../scripts/lanes.ts";
import { RestateServer, restateServerPath } from "../../../scripts/restate-server.ts";

const ask = question("ask", { ask: (text: string) => ({ text }), answer: z.enum(["yes", "no"]) });

// Lane `test` has restate-host.test.ts.
describe.skipIf(restateServerPath === undefined || !thorough)("a run that is steered", () => {
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

  const work = async (
    options: RestateWorkerOptions & { readonly prefix: string },
  ): Promise<RestateWorker> => {
    const worker = restateWorker({ port: 0, log: () => {}, ...options });
    workers.push(worker);
    await worker.listen();
    await worker.register(server.admin);
    return worker;
  };
  const hostOf = (prefix: string, timeout = 60_000): ReturnType<typeof restateHost> =>
    restateHost({ ingress: server.ingress, admin: server.admin, prefix, timeout });
  const until = async (run: Run<unknown>, wanted: string): Promise<void> => {
    for await (const { type } of run.events()) if (type === wanted) return;
  };
  const rows = async (query: string): Promise<readonly Record<string, unknown>[]> => {
    const headers = { "content-type": "application/json", accept: "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify({ query }) };
    const answer = await fetch(`${server.admin}/query`, init);
    return ((await answer.json()) as { readonly rows: readonly Record<string, unknown>[] }).rows;
  };

  it("hears of a cancel at once after a resume that it did not need", async () => {
    const aborted = Promise.withResolvers<void>();
    const slow = runnable("slow", async (_: string, ctx) => {
      ctx.signal.addEventListener("abort", () => aborted.resolve(), { once: true });
      await aborted.promise;
      return "late";
    });
    const flow = orchestration("busy", (o) => o.start(slow).finish(slow));
    await work({ flows: [flow], prefix: "busy" });
    const host = hostOf("busy");
    const run = flow.start("x", { host, runId: "r" });
    await until(run, "state.started");
    await host.resume(flow, "r");
    expect(
      await rows(
        "select status from sys_invocation where target_service_name = 'busy-run' and target_handler_name = 'drive'",
      ),
    ).toHaveLength(1);
    await host.cancel(flow, "r", "enough");
    await aborted.promise;
    await expect(run.result).rejects.toMatchObject({ code: "ORCH_CANCELLED" });
  });

  it("has an answer in its inbox that no worker took, says so, and goes on at another address when it is resumed", async () => {
    let executions = 0;
    const step = runnable("step", (text: string) => `${text}${++executions}`);
    const flow = orchestration("moved", (o) => o.start(step).advance(step, ask).finish(ask));
    const first = await work({ flows: [flow], prefix: "moved" });
    const host = hostOf("moved");
    const run = flow.start("x", { host, runId: "r" });
    await until(run, "run.waiting");
    await first.close();
    await work({ flows: [flow], prefix: "moved" });

    await expect(hostOf("moved", 2_000).answer(flow, "r", "moved/ask#1", "yes")).rejects.toMatchObject({
      code: "ORCH_RESTATE_SILENT",
      facts: { kept: "yes" },
      retryable: false,
      message: expect.stringContaining("nothing has to be sent again"),
    });
    expect(
      await rows(
        "select value_utf8 as message from state where service_name = 'moved-inbox' and key = 'message:1'",
      ),
    ).toEqual([{ message: expect.stringContaining('"value":"yes"') }]);
    await host.resume(flow, "r");
    expect(await run.result).toBe("yes");
    await expect(host.answer(flow, "r", "moved/ask#1", "yes")).rejects.toMatchObject({
      code: "ORCH_ALREADY_ANSWERED",
    });
    expect(executions).toBe(1);
  });

  it("is cancelled by its invocation while it checks an answer, and loses no message", async () => {
    const [asked, checked] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = z.string().refine(async () => {
      asked.resolve();
      await checked.promise;
      return true;
    });
    const pick = question("pick", { ask: "Which?", answer: slow });
    const flow = orchestration("checked", (o) => o.start(pick).advance(pick, ask).finish(ask));
    await work({ flows: [flow], prefix: "checked" });
    const host = hostOf("checked");
    const run = flow.start("x", { host, runId: "r" });
    await until(run, "run.waiting");
    const answered = host.answer(flow, "r", "checked/pick#1", "this");
    await asked.promise;
    const [drive] = await rows(
      "select id from sys_invocation where target_service_name = 'checked-run' and target_handler_name = 'drive'",
    );
    await fetch(`${server.admin}/invocations/${drive!["id"]}/cancel`, { method: "PATCH" });
    checked.resolve();
    await answered;
    await expect(run.result).rejects.toMatchObject({
      code: "ORCH_CANCELLED",
      facts: { reason: "its invocation was cancelled on the server" },
    });
  });

  it("has its id for another run once it is deleted, which the first one's retention does not touch", async () => {
    const first = orchestration("again", (o) => o.start(ask).finish(ask));
    await work({ flows: [first], prefix: "again", retention: 3_000 });
    const host = hostOf("again");
    const before = first.start("x", { host, runId: "r" });
    await until(before, "run.waiting");
    await host.answer(first, "r", "again/ask#1", "yes");
    expect(await before.result).toBe("yes");
    await host.delete("r");
    const run = first.start("y", { host, runId: "r" });
    await until(run, "run.waiting");
    const later =
      "select id from sys_invocation where target_service_name = 'again-inbox' and target_handler_name = 'forget' and status <> 'completed'";
    await expect.poll(() => rows(later), { timeout: 30_000 }).toEqual([]);
    await host.answer(first, "r", "again/ask#1", "no");
    expect(await run.result).toBe("no");
  });

  it("leaves nothing on the server of those who only looked, and nothing of a message that was taken", async () => {
    const flow = orchestration("looked", (o) => o.start(ask).finish(ask));
    await work({ flows: [flow], prefix: "looked" });
    const host = hostOf("looked");
    const run = flow.start("x", { host, runId: "r" });
    await until(run, "run.waiting");
    await host.get("r");
    await host.answer(flow, "r", "looked/ask#1", "yes");
    expect(await run.result).toBe("yes");
    const kept = await rows(
      "select target_handler_name as handler from sys_invocation where target_service_name like 'looked-%' and target_handler_name not in ('start', 'send')",
    );
    expect(kept.filter(({ handler }) => handler !== "drive" && handler !== "rest")).toEqual([]);
    const open =
      "select key from state where service_name = 'looked-inbox' and (key like 'message:%' or key = 'driver')";
    await expect.poll(() => rows(open), { timeout: 30_000 }).toEqual([]);
  });
});
