/** Another process, perhaps on another machine: `answer.ts INGRESS`. It finds the question of the run, and answers it. */
import { restateHost } from "@orch/restate";
import { research, runId } from "./research.ts";

const [ingress = "http://127.0.0.1:8080"] = process.argv.slice(2);
const run = restateHost({ ingress }).follow(research, runId);
for await (const event of run.events()) {
  if (event.type !== "run.waiting") continue;
  const [question] = run.questions;
  if (question === undefined) continue;
  console.log(`reads: ${question.prompt}`);
  await run.answer(question.id, true);
  console.log("answers: yes");
  break;
}
process.exit(0);
