// How to evaluate: record a run as a case, run it again against a changed prompt, a changed edge and another model.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agent, agentRunnable } from "@orch/agents";
import { orchestration, runnable } from "@orch/core";
import { scriptedModel } from "@orch/testing";
import { evalSuite } from "@orch/testing/eval-suite";
import {
  type EvalTarget,
  evalTable,
  judge,
  readCases,
  recordCase,
  runEval,
  samePath,
  writeCase,
} from "@orch/testing/evals";
import { expect, it } from "vitest";

/** Says of a letter whether it is a complaint, and answers it. */
function letters(instructions: string, isComplaint: (word: string) => boolean): EvalTarget {
  return ({ model }) => {
    const sort = agentRunnable(agent({ name: "sort", instructions, model: model() }));
    const sorry = runnable("sorry", () => "We are sorry.");
    const thanks = runnable("thanks", () => "Thank you.");
    return orchestration<string, string>("letters", (o) =>
      o
        .start(sort)
        .advance(sort, sorry, { when: isComplaint, label: "complaint" })
        .advance(sort, thanks)
        .finish(sorry, thanks),
    );
  };
}
const asBefore = letters("Answer with one word: complaint or praise.", (word) => word === "complaint");

// Once, by hand, with a real model in the place of the scripted one. The files would stand in the repository.
const folder = await mkdtemp(join(tmpdir(), "orch-evals-"));
const options = { target: asBefore, models: scriptedModel(["complaint", "praise"]) };
await writeCase(join(folder, "1.json"), await recordCase("a broken lamp", "My lamp came broken.", options));
await writeCase(join(folder, "2.json"), await recordCase("a fast parcel", "It came in a day!", options));
const cases = await readCases(folder);
await rm(folder, { recursive: true });

// From then on: one test for each case, without a network.
evalSuite("letters", { cases, target: asBefore });

it("takes another way after a condition was changed, and says so", async () => {
  const result = await runEval(cases[0]!, { target: letters("...", (word) => word.length < 5) });
  expect(result.passed).toBe(false);
  expect(evalTable([result])).toContain("+ letters: sort -> thanks, declined sorry (complaint)");
});

it("tries another model, ten times, and tells how sure the rate is", async () => {
  const live = scriptedModel((_, call) => (call % 5 === 4 ? "Complaint." : "complaint"));
  const scorers = [samePath(), judge("polite", ({ outcome }) => outcome.output !== undefined)];
  const result = await runEval(cases[0]!, { target: asBefore, live, scorers, trials: 10, passRate: 0.7 });
  expect(result).toMatchObject({ passed: true, flaky: true, passRate: { rate: 0.8 } });
  expect(evalTable([result])).toContain("8/10 (49%-94%)");
});
