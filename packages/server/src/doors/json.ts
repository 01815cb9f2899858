/** Every call as JSON over HTTP. */
import { jsonObject } from "../web/json-body.ts";
import { jsonResponse } from "../web/json-response.ts";
import type { Door, DoorCall } from "../words/door.ts";

/** How the door is mounted. */
export interface JsonDoorOptions {
  /** Default `/v1`. */
  readonly path?: string;
}

/** Makes the door. */
export function json({ path = "/v1" }: JsonDoorOptions = {}): Door {
  return { name: "json", path, handle };
}

async function handle({ request, path, runs, limits }: DoorCall): Promise<Response | undefined> {
  if (path === "/runs" && request.method === "POST") {
    const { orchestration, input } = await jsonObject(request, limits.body);
    return jsonResponse({ run: await runs.start(String(orchestration), input) }, { status: 201 });
  }
  return undefined;
}
