/** What waits for a worker at an address where none is any more, and goes on at the newest deployment. */
import type { Driver } from "../words/run-order.ts";
import { answeredValue, callServer } from "./http-call.ts";
import { queryServer, quoted, type RunListParts } from "./run-list.ts";

/** How often the server is asked whether an invocation has come to rest, and the pause before each time, in milliseconds. */
const TRIES = 20;
const PAUSE = 50;

/** Moves what belongs to a run and is tried again and again. Does nothing without the address of the admin API. */
export async function moveToNewest(runId: string, { driver }: Driver, parts: RunListParts): Promise<void> {
  const { admin, names, calls } = parts;
  if (admin === undefined) return;
  const ofRun = `target_service_name in (${quoted(names.run)}, ${quoted(names.inbox)}) and target_service_key = ${quoted(runId)}`;
  const ofDriver = driver === null ? "" : ` or invoked_by_id = ${quoted(driver)}`;
  const query = `select id from sys_invocation where status in ('backing-off', 'paused') and ((${ofRun})${ofDriver})`;
  const stuck = await queryServer<{ readonly id: string }>(admin, query, calls);
  await Promise.all(stuck.map(({ id }) => move(`${admin}/invocations/${id}`, parts)));
}

/** One that goes on by itself meanwhile is left alone. */
async function move(url: string, { calls }: RunListParts): Promise<void> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    await callServer({ url: `${url}/pause`, method: "PATCH" }, calls);
    const resumed = await callServer({ url: `${url}/resume?deployment=latest`, method: "PATCH" }, calls);
    if (resumed.status === 404 || resumed.status === 410) return;
    if (resumed.status !== 409) {
      answeredValue(resumed, url);
      return;
    }
    await new Promise<void>((resolve) => calls.clock.after(PAUSE, resolve));
  }
}
