/**
 * Writes a file with runs in every state: `write-kept-runs.ts <file>`. It is run once for a commit whose file is to be kept, and
 * kills itself, so that runs are cut in the middle of their work. Who opens and closes the file afterwards brings its log into it.
 */
import { ChatRuntime, orchestrationRuntime } from "@orch/chat-runtime";
import type { Orchestration } from "@orch/core";
import { sqliteHost } from "../src/index.ts";
import { sqliteSessions } from "../src/sessions.ts";
import { asking, failing, fanning, life, resting, titling } from "./kept-flows.ts";

const [file = ""] = process.argv.slice(2);
life.writes = true;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const first = sqliteHost(file);
const until = async (is: () => unknown): Promise<void> => {
  while (!(await is())) await turn();
};

/** Runs until a question is open, and leaves the run there. */
async function parked<TInput>(
  flow: Orchestration<TInput, unknown>,
  input: TInput,
  runId: string,
): Promise<void> {
  const run = flow.start(input, { host: first, runId });
  await until(() => run.status === "waiting");
  await run.suspend();
}

for (const id of ["asked", "answered", "to-cancel", "ended", "cancelled"]) await parked(asking, 0, id);
await parked(titling, "tides", "titled");
await first.answer(asking, "answered", "asking/approve#1", true);
await first.answer(asking, "ended", "asking/approve#1", false);
await (await first.resume(asking, "ended")).result;
await first.cancel(asking, "cancelled", "enough");
const sleeping = resting.start("Ada", { host: first, runId: "slept" });
await until(async () => (await first.list({ dueBefore: Number.MAX_SAFE_INTEGER })).length > 0);
await sleeping.suspend();
await failing.run(0, { host: first, runId: "failed" }).catch(() => {});
const retried = failing.start(0, { host: first, runId: "failed-twice" });
await retried.result.catch(() => {});
await (await first.retry(failing, "failed-twice")).result.catch(() => {});

const store = sqliteSessions({ file });
const chat = new ChatRuntime(
  orchestrationRuntime(asking, { toInput: ({ text }) => text.length, toMessage: (output) => output }),
  { store, sessionId: "talk", host: first },
);
for await (const event of chat.send("Is it five?"))
  if (event.type === "question.asked") await chat.answer(event.question, true);
await chat.close();

// From here on nothing is closed: the process ends in the middle of these.
asking.start(0, { host: first, runId: "killed-asked" });
fanning.start(4, { host: first, runId: "fanned" });
await until(async () => ((await first.get("fanned").catch(() => undefined))?.records ?? 0) >= 8);
await until(async () => (await first.get("killed-asked"))?.status === "waiting");
process.kill(process.pid, "SIGKILL");
