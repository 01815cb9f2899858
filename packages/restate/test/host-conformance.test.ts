/** The flows that every host passes, on a real server. */
import { hostConformance } from "@orch/testing/conformance";
import { afterAll, beforeAll, describe } from "vitest";
import { budget, thorough } from "../../../scripts/lanes.ts";
import { NO_RESTATE, RestateServer, restateServerPath } from "../../../scripts/restate-server.ts";
import { MortalWorker } from "./support/mortal-worker.ts";

if (restateServerPath === undefined) console.log(NO_RESTATE);

/** In lane `test` processes are killed by kills.test.ts only. */
const crashEvery = thorough ? budget("restateCrashesEvery") : Number.POSITIVE_INFINITY;

const workers = [
  ["a worker that performs all attempts of its runs", {}],
  // These two differ in where attempts are performed and in how long a spell is; lane `test` has both in tests of their own.
  ...(thorough
    ? ([
        ["workers that perform the attempts of all runs", { remote: true, prefix: "anywhere" }],
        [
          "a worker that lets go of every run that waits",
          { restAfter: 0, journalLength: 3, prefix: "resting" },
        ],
      ] as const)
    : []),
] as const;

describe.skipIf(restateServerPath === undefined)("on a real server", () => {
  let server: RestateServer;
  beforeAll(async () => {
    server = await RestateServer.start();
  });
  afterAll(() => server?.stop());

  describe.each(workers)("%s", (_name, options) => {
    let worker: MortalWorker;
    beforeAll(async () => {
      worker = new MortalWorker(server, options);
      await worker.start();
    });
    afterAll(() => worker?.close());
    hostConformance(() => worker.place(), { crashEvery });
  });
});
