/** Workers behind a balancer that knows HTTP/2, with the server's own settings: all its calls come by few connections. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { figure, thorough } from "../../../scripts/lanes.ts";
import { restateServerPath } from "../../../scripts/restate-server.ts";
import { makeResearch, OPEN_SEARCHES } from "./support/research.ts";
import { RestatePlace } from "./support/restate-place.ts";
import { asked, QUESTION, STEPS, searched } from "./support/watched-run.ts";

const research = makeResearch({ folder: "/nowhere", name: "client" });
const RUNS = 10;

// Lane `test` has the kill of a worker behind a balancer of connections.
describe.skipIf(restateServerPath === undefined || !thorough)(
  "two workers behind a balancer of requests",
  () => {
    let place: RestatePlace;
    beforeAll(async () => {
      place = await RestatePlace.open(["a", "b"], "anywhere", "requests");
    });
    afterAll(() => place?.close());

    it("share runs evenly, and do each step once", async () => {
      const ids = Array.from({ length: RUNS }, (_, index) => `run-${index}`);
      const runs = ids.map((runId) => research.start("tides*10", { host: place.host, runId }));
      await Promise.all(runs.map(asked));
      await Promise.all(runs.map((run) => run.answer(QUESTION, true)));
      expect(await Promise.all(runs.map((run) => run.result))).toEqual(ids.map(() => "published"));

      const done = ids.map((id) => place.executions(id));
      const began = done.reduce((sum, one) => sum + one.began, 0);
      const both = done.filter(({ workers }) => workers.size === 2).length;
      figure(
        `runs on two workers behind a balancer of requests: ${RUNS}; executed/distinct ${began}/${RUNS * STEPS}, ${both} of them on both`,
      );
      expect(began).toBe(RUNS * STEPS);
      // A search goes to the next worker, so ten of them are shared.
      expect(both).toBe(RUNS);
    });

    it("go on when one of them is killed in the fan-out, and run nothing again that had completed", async () => {
      place.shutGate();
      const run = research.start("tides*10", { host: place.host, runId: "killed" });
      const before = await searched(run, OPEN_SEARCHES);
      await place.kill("a");
      place.openGate();
      await asked(run);
      await run.answer(QUESTION, true);
      expect(await run.result).toBe("published");
      const { byKey, distinct } = place.executions("killed");
      expect(distinct).toBe(STEPS);
      expect(before.map((path) => byKey.get(path))).toEqual(before.map(() => 1));
    });
  },
);
