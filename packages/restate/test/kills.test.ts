/** Runs on a real server, whose workers and whose server are killed in the middle. Completed steps are never run again. */
import type { Run } from "@orch/core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { budget, figure, thorough } from "../../../scripts/lanes.ts";
import { NO_RESTATE, restateServerPath } from "../../../scripts/restate-server.ts";
import { makePaying, payments } from "./support/paying.ts";
import { makeResearch, OPEN_SEARCHES } from "./support/research.ts";
import { RestatePlace } from "./support/restate-place.ts";
import { asked, QUESTION, STEPS, searched } from "./support/watched-run.ts";

const KILLS = budget("killedWorkers");
const SERVER_KILLS = budget("killedRestates");

if (restateServerPath === undefined) console.log(NO_RESTATE);

/** The definition as clients have it: nothing of it runs here. */
const research = makeResearch({ folder: "/nowhere", name: "client" });

const paying = makePaying({ folder: "/nowhere", name: "client" });

/** Waits until so many attempts of a run have paid, or know that it is paid; gives the worker of the last one. */
async function holds(folder: string, runId: string, count: number): Promise<string> {
  for (;;) {
    const lines = payments(folder, runId).filter((line) => line.startsWith("holds "));
    if (lines.length >= count) return lines.at(-1)!.slice("holds ".length);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const places = [
  ["in the worker that drives the run", "here"],
  // What differs between the two is where steps are performed; lane `test` has the kill of one of them.
  ...(thorough ? ([["by any worker", "anywhere"]] as const) : []),
] as const;

describe.skipIf(restateServerPath === undefined).each(places)(
  "runs whose steps are performed %s",
  (_, steps) => {
    let place: RestatePlace;
    let runId = "";
    let started = 0;
    beforeAll(async () => {
      place = await RestatePlace.open(["a", "b"], steps);
    });
    afterAll(() => place?.close());
    beforeEach(async () => {
      runId = `run-${++started}`;
      await place.complete();
    });

    const start = (id: string): Run<string> => research.start("tides*10", { host: place.host, runId: id });

    it("are done once each when nothing is killed, and a wrong answer leaves the question open", async () => {
      const run = start(runId);
      await asked(run);
      await expect(run.answer(QUESTION, "perhaps")).rejects.toMatchObject({ code: "ORCH_INVALID_ANSWER" });
      await run.answer(QUESTION, true);

      expect(await run.result).toBe("published");
      expect(place.executions(runId)).toMatchObject({ began: STEPS, distinct: STEPS });
    });

    it("do not pay again when the worker is killed that has paid and not ended", async () => {
      place.shutGate();
      const run = paying.start("x", { host: place.host, runId });
      const payer = await holds(place.folder, runId, 1);
      await place.kill(payer);
      const holder = await holds(place.folder, runId, 2);
      place.openGate();

      expect(await run.result).toBe(payer);
      expect(payments(place.folder, runId)).toEqual([`paid ${payer}`, `holds ${payer}`, `holds ${holder}`]);
      expect(holder).not.toBe(payer);
    });

    it("go on elsewhere when a worker is killed in the fan-out, and run nothing again that had completed", async () => {
      let all = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        const id = `${runId}-${kill}`;
        place.shutGate();
        const run = start(id);
        const before = await searched(run, OPEN_SEARCHES);
        const [victim = ""] = place.executions(id).workers;
        await place.kill(victim);
        place.openGate();
        await asked(run);
        await run.answer(QUESTION, true);

        expect(await run.result).toBe("published");
        const { byKey, began, distinct, workers } = place.executions(id);
        expect([distinct, workers.size]).toEqual([STEPS, 2]);
        // The plan and the searches that the gate let through.
        expect(before.filter((path) => byKey.has(path))).toHaveLength(1 + OPEN_SEARCHES);
        expect(before.filter((path) => (byKey.get(path) ?? 1) > 1)).toEqual([]);
        all += began;
        await place.complete();
      }
      figure(
        `workers of Restate killed in a fan-out, steps ${steps}: ${KILLS}; executed/distinct ${all}/${KILLS * STEPS}, none again that had completed`,
      );
    });

    it.runIf(thorough)("wait over a kill of the server, and are answered afterwards", async () => {
      for (let kill = 0; kill < SERVER_KILLS; kill++) {
        const id = `${runId}-${kill}`;
        const run = start(id);
        await asked(run);
        await place.server.kill();
        await place.server.again();
        await run.answer(QUESTION, true);

        expect(await run.result).toBe("published");
        expect(place.executions(id)).toMatchObject({ began: STEPS, distinct: STEPS });
      }
      figure(
        `Restate servers killed while a question waited, steps ${steps}: ${SERVER_KILLS}, each step once, each run answered`,
      );
    });

    it.runIf(thorough)("wait over a kill of the server and of every worker", async () => {
      for (let kill = 0; kill < SERVER_KILLS; kill++) {
        const id = `${runId}-${kill}`;
        const run = start(id);
        await asked(run);
        await Promise.all([place.server.kill(), place.kill("a"), place.kill("b")]);
        await Promise.all([place.server.again(), place.complete()]);
        await run.answer(QUESTION, false);

        expect(await run.result).toBe("kept back");
        expect(place.executions(id)).toMatchObject({ began: STEPS, distinct: STEPS });
      }
      figure(
        `Restate servers and all workers killed while a question waited, steps ${steps}: ${SERVER_KILLS}, each step once, each run answered`,
      );
    });

    it.runIf(thorough)("go on when the server and the worker are killed in the fan-out", async () => {
      let all = 0;
      for (let kill = 0; kill < SERVER_KILLS; kill++) {
        const id = `${runId}-${kill}`;
        place.shutGate();
        const run = start(id);
        const before = await searched(run, OPEN_SEARCHES);
        const [victim = ""] = place.executions(id).workers;
        await Promise.all([place.server.kill(), place.kill(victim)]);
        place.openGate();
        await place.server.again();
        await asked(run);
        await run.answer(QUESTION, true);

        expect(await run.result).toBe("published");
        const { byKey, began, distinct } = place.executions(id);
        expect(distinct).toBe(STEPS);
        expect(before.filter((path) => (byKey.get(path) ?? 1) > 1)).toEqual([]);
        all += began;
        await place.complete();
      }
      figure(
        `Restate servers killed with a worker in a fan-out, steps ${steps}: ${SERVER_KILLS}; executed/distinct ${all}/${SERVER_KILLS * STEPS}, none again that had completed`,
      );
    });
  },
);
