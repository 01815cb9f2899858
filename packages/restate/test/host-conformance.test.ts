/** The flows that every host passes, on a real server. */
import { hostConformance } from "@orch/testing/conformance";
import { afterAll, beforeAll, describe } from "vitest";
import { NO_RESTATE, RestateServer, restateServerPath } from "../../../scripts/restate-server.ts";
import { MortalWorker } from "./support/place.ts";

if (restateServerPath === undefined) console.log(NO_RESTATE);

describe.skipIf(restateServerPath === undefined)("on a real server", () => {
  let server: RestateServer;
  beforeAll(async () => {
    server = await RestateServer.start();
  });
  afterAll(() => server?.stop());

  describe.each([
    ["a worker that performs all attempts of its runs", {}],
    ["workers that perform the attempts of all runs", { remote: true, prefix: "anywhere" }],
    ["a worker that lets go of every run that waits", { restAfter: 0, journalLength: 3, prefix: "resting" }],
  ] as const)("%s", (_name, options) => {
    let worker: MortalWorker;
    beforeAll(async () => {
      worker = new MortalWorker(server, options);
      await worker.start();
    });
    afterAll(() => worker?.close());
    hostConformance(() => worker.place());
  });
});
