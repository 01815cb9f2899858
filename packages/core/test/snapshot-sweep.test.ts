/** A run of random graphs has a snapshot after every record, and who goes on from one has the run that all records make. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { budget, figure } from "../../../scripts/lanes.ts";
import { strictJson } from "../src/durable/codec.ts";
import { fold } from "../src/durable/fold.ts";
import type { Folded } from "../src/durable/folded.ts";
import { restoredRun } from "../src/durable/restored-run.ts";
import { type SnapshotForm, snapshotForm } from "../src/durable/snapshot-form.ts";
import type { WholeJournal } from "../src/durable/stored-runs.ts";
import type { AnyOrchestration } from "../src/durable/version-of.ts";
import { repeatableFlows } from "./random-flows.ts";
import { TravelWorld } from "./travel-world.ts";

const options = { runId: "straight", codec: strictJson, grace: 1_000 };

/** The run that the records after the first `from` make, up to number `to`, of the run before them. */
function onward({ counted }: WholeJournal, of: AnyOrchestration, from: number, to: number, before?: Folded) {
  const records = counted.records.slice(from, to);
  const numbers = records.map((_, index) => from + 1 + index);
  return fold(of, { records, numbers, parts: counted.parts! }, options, before);
}

/** A run as text that runs of the same state have in common. */
function textOf(folded: Folded): string {
  const { ended } = folded.run;
  if (ended !== undefined) return JSON.stringify([ended.kind, ended, folded.events, folded.questions.all()]);
  return JSON.stringify(snapshotForm(folded, strictJson)) ?? "none";
}

it("P19: every record of random graphs has a snapshot, from which the run goes on as from its beginning", async () => {
  const counts = { records: 0, none: 0 };
  await fc.assert(
    fc.asyncProperty(repeatableFlows, fc.integer({ min: 0, max: 96 }), async (flow, input) => {
      const world = new TravelWorld(flow, input);
      await world.run("straight");
      const { of, read } = await world.kept("straight");
      const all = read.counted.records.length;
      const end = textOf(read.folded);
      let before: SnapshotForm | undefined;
      for (let count = 1; count < all; count++) {
        const whole = onward(read, of, 0, count);
        // What follows on one record is the same from the snapshot before it.
        const next = before && onward(read, of, count - 1, count, restoredRun(before, of, strictJson));
        if (next !== undefined) expect(textOf(next), `record ${count}`).toBe(textOf(whole));
        const made = snapshotForm(whole, strictJson);
        const isStopping = whole.timers.some(({ purpose }) => purpose === "grace");
        expect(made === undefined, `record ${count}`).toBe(isStopping || whole.run.ended !== undefined);
        before = made && (JSON.parse(JSON.stringify(made)) as SnapshotForm);
        counts.records += 1;
        if (before === undefined) counts.none += 1;
        else {
          const last = onward(read, of, count, all, restoredRun(before, of, strictJson));
          expect(textOf(last), `from record ${count}`).toBe(end);
        }
      }
    }),
    { numRuns: budget("snapshotGraphs") },
  );
  figure(
    `${counts.records} records of ${budget("snapshotGraphs")} random graphs: each run went on from a snapshot as from its beginning, but for ${counts.none} where something was being stopped or the run had ended`,
  );
});
