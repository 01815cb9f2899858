/** A run that the chat exported, as a case of an eval. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { agent, agentRunnable } from "@orch/agents";
import { orchestration, runnable } from "@orch/core";
import { caseOfRun, type EvalTarget, runEval } from "@orch/testing/evals";
import { expect, test } from "vitest";
import { buildCli } from "./support/built-cli.ts";
import { sandbox } from "./support/sandbox.ts";
import { toldModel } from "./support/told-model.ts";

const DESK = `import { agent, agentRunnable } from "@orch/agents";
import { orchestration, runnable } from "@orch/core";
export default ({ model }) => {
  const say = agentRunnable(agent({ name: "say", model }));
  const shout = runnable("shout", (text) => text.toUpperCase());
  return orchestration("desk", (o) => o.start(say).advance(say, shout).finish(shout));
};
`;

/** The same, for evals; `words` makes another ending. */
const desk =
  (words: (text: string) => string): EvalTarget =>
  ({ model }) => {
    const say = agentRunnable(agent({ name: "say", model: model() }));
    const shout = runnable("shout", words);
    return orchestration<string, string>("desk", (o) => o.start(say).advance(say, shout).finish(shout));
  };

test("T10: a run that was exported is a case that is replayed without a model", async () => {
  const cli = await buildCli();
  let text: string;
  {
    await using model = await toldModel();
    const { "orch.config.json": config = "{}" } = model.files;
    const orchestrations = { desk: { file: "./desk.mjs" } };
    const files = {
      "orch.config.json": JSON.stringify({ ...JSON.parse(config), orchestrations }),
      "desk.mjs": DESK,
    };
    await using box = await sandbox(cli.file, files);
    await using app = box.start(["--trust", "--orc", "desk", "--model", "slow/mock"]);
    await app.until("Ask, or / for commands");
    app.type("go\r");
    await app.until("HELLO");
    app.type("/run\r");
    await app.until((it) => /^ desk ● done/.test(it.screen()));
    app.type("x2");
    await app.until((it) => /turn_\w+\.json/.test(it.screen()));
    const [name] = (await readdir(box.folder)).filter((file) => file.startsWith("turn_"));
    text = await readFile(join(box.folder, name!), "utf8");
  }
  const made = await caseOfRun("go", text);
  const same = await runEval(made, { target: desk((said) => said.toUpperCase()) });
  expect(same).toMatchObject({ passed: true, scores: { path: 1, output: 1 } });
  expect(same.trials[0]).toMatchObject({ missing: [], unused: 0 });
  const other = await runEval(made, { target: desk((said) => `${said}!`) });
  expect(other).toMatchObject({ passed: false, scores: { path: 1, output: 0 } });
});
