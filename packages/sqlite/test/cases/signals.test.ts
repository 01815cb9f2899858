/** Signals for a run in a database: several senders with the same keys, and drivers that come and go. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isOrchError, orchestration, runnable, sharedState, signal, until } from "@orch/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { sqliteHost } from "../../src/index.ts";

const COUNT = 8;
const paid = signal("paid", z.object({ part: z.number() }), { limit: COUNT });
const got = sharedState("got", {
  parts: { start: [] as number[], reduce: (all, more) => [...all, ...more] },
});
const wait = until("wait", { signal: paid });
const take = runnable("take", ({ value }: { readonly value: { readonly part: number } }, ctx) => {
  ctx.state(got).add("parts", [value.part]);
  return ctx.state(got).get("parts");
});
const flow = orchestration("parts", (o) =>
  o
    .start(wait)
    .advance(wait, take)
    .advance(take, wait, { when: ({ length }) => length < COUNT })
    .finish(take),
);

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-signals-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("P14: each signal that was accepted is taken once, whoever sends it twice and whoever drives the run", async () => {
  const file = join(folder, "runs.db");
  const [driver, ...senders] = Array.from({ length: 3 }, () => sqliteHost(file));
  const run = flow.start(undefined, { host: driver!, runId: "r" });
  run.result.catch(() => {});
  await run.accepted;
  const sent = senders.map(async (host) => {
    for (let part = 0; part < COUNT; part++) {
      try {
        await host.signal(flow, "r", paid, { part }, { key: String(part) });
      } catch (error) {
        // The last one of the other sender may have ended the run.
        if (!isOrchError(error, "ORCH_RUN_ENDED")) throw error;
      }
      // From the fourth one on nobody drives it for a while.
      if (part === 3 && host === senders[0]) await run.suspend();
    }
  });
  await Promise.all(sent);
  const again = sqliteHost(file);
  expect(await (await again.resume(flow, "r")).result).toEqual(
    Array.from({ length: COUNT }, (_, part) => part),
  );
  const events = await again.events(flow, "r");
  expect(events.filter(({ type }) => type === "signal.received")).toHaveLength(COUNT);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, place) => place + 1));
  for (const host of [driver!, ...senders, again]) await host.close();
});
