/** The flows that every host passes, on a real server. */
import { hostConformance } from "@orch/testing/conformance";
import { afterAll, beforeAll, describe } from "vitest";
import { budget, lane, thorough } from "../../../scripts/lanes.ts";
import { NO_RESTATE, RestateServer, restateServerPath } from "../../../scripts/restate-server.ts";
import { MortalWorker } from "./support/mortal-worker.ts";

if (restateServerPath === undefined) console.log(NO_RESTATE);

/** The two differ in where attempts are performed, and in how long a segment is. */
const workers = [
  ["a worker that performs all attempts of its runs", {}, lane === "prove" ? 1 : Number.POSITIVE_INFINITY],
  [
    "workers that perform attempts for others and let go of every run that waits",
    { remote: true, restAfter: 0, journalLength: 3, prefix: "anywhere" },
    budget("restateCrashesEvery"),
  ],
] as const;

// Lane `test` has one definition that does everything, in three-hosts.test.ts, and kills of processes in kills.test.ts.
describe.skipIf(restateServerPath === undefined || !thorough)("on a real server", () => {
  let server: RestateServer;
  beforeAll(async () => {
    server = await RestateServer.start();
  });
  afterAll(() => server?.stop());

  describe.each(workers)("%s", (_name, options, crashEvery) => {
    let worker: MortalWorker;
    beforeAll(async () => {
      worker = new MortalWorker(server, options);
      await worker.start();
    });
    afterAll(() => worker?.close());
    hostConformance(() => worker.place(), { crashEvery });
  });
});
