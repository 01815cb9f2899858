/** Runs beside each other, rivals for one run, and a worker that wakes up after its run has moved on. */
import { orchestration, runnable } from "@orch/core";
import { restateHost } from "@orch/restate";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { budget, figure, thorough } from "../../../scripts/lanes.ts";
import { restateServerPath } from "../../../scripts/restate-server.ts";
import { makeResearch, OPEN_SEARCHES } from "./support/research.ts";
import { RestatePlace } from "./support/restate-place.ts";
import { asked, QUESTION, STEPS, searched } from "./support/watched-run.ts";

const RUNS = budget("parallelRestateRuns");
const HANGS = budget("hungRestateWorkers");
/** Clients of one run that want the same at the same time. */
const RIVALS = 5;

const research = makeResearch({ folder: "/nowhere", name: "client" });

// Lane `test` proves by kills.test.ts that workers share runs, and by the conformance suite what one host does.
describe.skipIf(restateServerPath === undefined || !thorough)("two workers", () => {
  let place: RestatePlace;
  let runId = "";
  let started = 0;
  beforeAll(async () => {
    place = await RestatePlace.open(["a", "b"]);
  });
  afterAll(() => place?.close());
  beforeEach(async () => {
    runId = `run-${++started}`;
    await place.complete();
  });

  /** Hosts of several clients. */
  const hosts = (): readonly ReturnType<typeof restateHost>[] =>
    Array.from({ length: RIVALS }, () => restateHost(place.server));

  it(`drive ${RUNS} runs at once, each step once, and share them`, async () => {
    const runs = Array.from({ length: RUNS }, (_, index) =>
      research.start("tides*10", { host: place.host, runId: `${runId}-${index}` }),
    );
    await Promise.all(
      runs.map(async (run) => {
        await asked(run);
        await run.answer(QUESTION, true);
      }),
    );

    expect(await Promise.all(runs.map((run) => run.result))).toEqual(runs.map(() => "published"));
    const done = runs.map((run) => place.executions(run.id));
    expect(done.map(({ began, distinct }) => [began, distinct])).toEqual(runs.map(() => [STEPS, STEPS]));
    const share = ["a", "b"].map((name) => done.filter(({ workers }) => workers.has(name)).length);
    expect(Math.min(...share)).toBeGreaterThan(0);
    figure(
      `runs at once on two workers of Restate: ${RUNS}; executed/distinct ${RUNS * STEPS}/${RUNS * STEPS}, ${share.join(" and ")} of them on each`,
    );
  });

  it("start a run once that several clients start, and each of the others hears that it is there", async () => {
    const runs = hosts().map((host) => research.start("tides*10", { host, runId }));
    const accepted = await Promise.allSettled(runs.map((run) => run.accepted));
    const first = runs.find((_, index) => accepted[index]!.status === "fulfilled")!;
    await asked(first);
    await first.answer(QUESTION, true);

    expect(await first.result).toBe("published");
    const refused = accepted.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
    expect(refused).toEqual(Array.from({ length: RIVALS - 1 }, () => "ORCH_RUN_EXISTS"));
    await Promise.allSettled(runs.map((run) => run.result));
    expect(place.executions(runId)).toMatchObject({ began: STEPS, distinct: STEPS });
  });

  it("take one of several answers that come at once, and tell each of the others", async () => {
    const run = research.start("tides*10", { host: place.host, runId });
    await asked(run);
    const followed = hosts().map((host) => host.follow(research, runId));
    const answers = await Promise.allSettled(
      followed.map((one, index) => one.answer(QUESTION, index % 2 === 0)),
    );

    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const codes = answers.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
    expect(codes.every((code) => code === "ORCH_ALREADY_ANSWERED" || code === "ORCH_QUESTION_CLOSED")).toBe(
      true,
    );
    const chosen = answers.findIndex(({ status }) => status === "fulfilled");
    const said = chosen % 2 === 0 ? "published" : "kept back";
    expect(await Promise.all(followed.map((one) => one.result))).toEqual(followed.map(() => said));
    expect(place.executions(runId)).toMatchObject({ began: STEPS, distinct: STEPS });
  });

  it("end a run that is cancelled while it waits, and no answer counts any more", async () => {
    const run = research.start("tides*10", { host: place.host, runId });
    await asked(run);
    await run.cancel("not needed");

    await expect(run.result).rejects.toMatchObject({ code: "ORCH_CANCELLED" });
    expect(run.status).toBe("cancelled");
    const late = place.host.follow(research, runId);
    await expect(late.answer(QUESTION, true)).rejects.toMatchObject({ code: "ORCH_QUESTION_CLOSED" });
    await expect(late.result).rejects.toMatchObject({ code: "ORCH_CANCELLED" });
    expect(place.executions(runId)).toMatchObject({ began: STEPS - 1, distinct: STEPS - 1 });
  });

  it("take a run over from a worker that hangs, which changes nothing when it wakes up", async () => {
    let all = 0;
    for (let hang = 0; hang < HANGS; hang++) {
      const id = `${runId}-${hang}`;
      place.shutGate();
      const run = research.start("tides*10", { host: place.host, runId: id });
      const before = await searched(run, OPEN_SEARCHES);
      const [name = ""] = place.executions(id).workers;
      const stale = place.workers.get(name)!;
      stale.hang();
      place.openGate();
      await asked(run);
      await run.answer(QUESTION, true);
      expect(await run.result).toBe("published");
      const told = JSON.stringify(await eventsOf(place, id));
      stale.wake();
      // It has done what it was about to do once it drives another run to its end.
      await place.alone(name, async () => {
        const next = research.start("tides*2", { host: place.host, runId: `${id}-next` });
        await asked(next);
        await next.answer(QUESTION, true);
        expect(await next.result).toBe("published");
      });

      expect(JSON.stringify(await eventsOf(place, id))).toBe(told);
      const { byKey, began, distinct } = place.executions(id);
      expect(distinct).toBe(STEPS);
      expect(before.filter((path) => (byKey.get(path) ?? 1) > 1)).toEqual([]);
      expect(byKey.get("research/report#1")).toBe(1);
      all += began;
    }
    figure(
      `workers of Restate that hung in a fan-out and woke up after the run had ended: ${HANGS}; executed/distinct ${all}/${HANGS * STEPS}, no event and no result changed`,
    );
  });
});

describe.skipIf(restateServerPath === undefined || !thorough)("a client", () => {
  let place: RestatePlace;
  beforeAll(async () => {
    place = await RestatePlace.open(["a"]);
  });
  afterAll(() => place?.close());

  it("hears in a sentence that nothing answers at the address", async () => {
    const host = restateHost({ ingress: "http://127.0.0.1:9", admin: "http://127.0.0.1:9" });
    const run = research.start("tides", { host, onUnheard: false });

    await expect(run.accepted).rejects.toMatchObject({
      code: "ORCH_RESTATE_UNREACHABLE",
      message: expect.stringContaining("http://127.0.0.1:9"),
    });
    expect(run.status).toBe("refused");
    await expect(run.result).rejects.toMatchObject({ code: "ORCH_RESTATE_UNREACHABLE" });
  });

  it("hears in a sentence that no worker is registered", async () => {
    const host = restateHost({ ...place.server, prefix: "nobody" });
    const run = research.start("tides", { host, onUnheard: false });

    await expect(run.result).rejects.toMatchObject({
      code: "ORCH_RESTATE_NOT_REGISTERED",
      message: expect.stringContaining("worker.register"),
    });
  });

  it("hears in a sentence that no worker has its definition, and nothing is started", async () => {
    const other = runnable("other", (topic: string) => topic);
    const changed = orchestration("research", (o) => o.start(other).finish(other));
    const run = changed.start("tides", { host: place.host, runId: "changed", onUnheard: false });

    await expect(run.result).rejects.toMatchObject({ code: "ORCH_RESTATE_DEFINITION" });
    expect(place.executions("changed").began).toBe(0);
  });
});

/** What is kept of the events of a run. */
async function eventsOf(place: RestatePlace, runId: string): Promise<unknown[]> {
  const events: unknown[] = [];
  for await (const event of place.host.follow(research, runId).events()) events.push(event);
  return events;
}
