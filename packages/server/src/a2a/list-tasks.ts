import { jsonWord } from "../reply/json-word.ts";
import type { DoorCall } from "../words/door.ts";
import type { PublicRunSummary } from "../words/public-run.ts";
import type { A2aOutcome } from "./a2a-fault.ts";
import type { A2aRequest } from "./a2a-request.ts";
import { historyIn } from "./send-message.ts";
import { standingTask } from "./standing-task.ts";
import { contextOf } from "./task-id.ts";
import { taskState } from "./task-object.ts";
import { type Place, type TasksQuery, tasksQuery } from "./tasks-query.ts";

/** How many runs are asked for at once. */
const PAGE = 200;

/** `ListTasks`: the tasks of an agent, those that changed last first. */
export async function listTasks(request: A2aRequest): Promise<A2aOutcome> {
  const { call, agent, params } = request;
  const query = tasksQuery(params);
  const view = historyIn(params);
  if ("fault" in query) return query;
  if ("fault" in view) return view;
  const found = await matching(call, agent.name, query);
  const { after, size } = query;
  const rest = after === undefined ? found : found.filter((run) => order(placeOf(run), after) > 0);
  const page = rest.slice(0, size);
  const tasks: object[] = [];
  const withArtifacts = params["includeArtifacts"] === true;
  for (const { run } of page)
    tasks.push((await standingTask(call, await call.runs.describe(run), { ...view, withArtifacts })).task);
  const last = page.at(-1);
  const nextPageToken = last !== undefined && rest.length > size ? jsonWord(placeOf(last)) : "";
  return { result: { tasks, nextPageToken, pageSize: size, totalSize: found.length } };
}

/** All runs that a query means. Lists of runs are by their start, so all are looked at. */
async function matching(
  call: DoorCall,
  orchestration: string,
  { context, state, since = 0 }: TasksQuery,
): Promise<readonly PublicRunSummary[]> {
  const found: PublicRunSummary[] = [];
  for (let after: string | undefined; ; ) {
    const runs = await call.runs.list({ orchestration, limit: PAGE, ...(after !== undefined && { after }) });
    for (const run of runs) {
      if (context !== undefined && contextOf(run.run) !== context) continue;
      if (run.updatedAt < since || (state !== undefined && (await stateOf(call, run)) !== state)) continue;
      found.push(run);
    }
    after = runs.at(-1)?.run;
    if (runs.length < PAGE) break;
  }
  return found.toSorted((one, other) => order(placeOf(one), placeOf(other)));
}

async function stateOf({ runs }: DoorCall, { run, status }: PublicRunSummary): Promise<string> {
  return taskState(status === "waiting" ? await runs.describe(run) : { status, questions: [] });
}

function placeOf({ updatedAt, run }: PublicRunSummary): Place {
  return [updatedAt, run];
}

/** Latest first. */
function order([at, run]: Place, [otherAt, otherRun]: Place): number {
  if (at !== otherAt) return otherAt - at;
  return run === otherRun ? 0 : run > otherRun ? -1 : 1;
}
