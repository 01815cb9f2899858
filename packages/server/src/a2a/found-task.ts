import { ServerUnknownError } from "../errors/server-unknown-error.ts";
import type { PublicRunPicture } from "../words/public-run.ts";
import type { A2aRequest } from "./a2a-request.ts";

/**
 * The run of an id that a client gave. A run of another orchestration is no task of this agent.
 *
 * @throws ServerUnknownError (`ORCH_SERVER_UNKNOWN`).
 */
export async function foundTask(
  { call, agent }: Pick<A2aRequest, "call" | "agent">,
  id: unknown,
): Promise<PublicRunPicture> {
  if (typeof id !== "string") throw new ServerUnknownError({ what: "run", id: "" });
  const picture = await call.runs.describe(id);
  if (picture.orchestration !== agent.name) throw new ServerUnknownError({ what: "run", id });
  return picture;
}
