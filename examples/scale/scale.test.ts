/** The example of many machines: a server and three processes, one of which is killed. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { childEnvironment } from "../../scripts/child-environment.ts";
import { thorough } from "../../scripts/lanes.ts";
import { restateServerPath } from "../../scripts/restate-server.ts";

// In lane `test` packages/restate/test/kills.test.ts kills a worker in the same way.
it.skipIf(restateServerPath === undefined || !thorough)(
  "scale: a worker is killed, another goes on, a third process answers, and nothing that was found is searched for again",
  async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--conditions=@orch/source", join(import.meta.dirname, "main.ts")],
      { env: childEnvironment() },
    );

    const [, driver, count] = /^(north|south): killed after (\d) of 6 searches$/m.exec(stdout) ?? [];
    const other = driver === "north" ? "south" : "north";
    const did = (name = ""): string => new RegExp(`^${name} did: (.*)$`, "m").exec(stdout)?.[1] ?? "";
    expect(Number(count)).toBe(1);
    expect(stdout).toContain("desk: reads: Publish 6 findings?\ndesk: answers: yes\nresult: published\n");
    expect(did(driver)).toMatch(/^plans tides; /);
    expect(did(other)).toMatch(/ reports$/);
    const [, began, states] = /^executions: (\d+), of (\d+) states$/m.exec(stdout) ?? [];
    expect(Number(states)).toBe(8);
    // At most the three other searches that were under way when the worker was killed.
    expect(Number(began)).toBeLessThanOrEqual(8 + 3);
  },
);
