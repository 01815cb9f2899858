import { isOrchError } from "@orch/core";
import { RPC_CODE } from "../reply/json-rpc.ts";
import { unfitParams } from "./faults.ts";
import type { McpMethod, McpOutcome, McpRequest } from "./mcp-request.ts";
import { cacheWords } from "./tool-list.ts";

const FLOWS = "orch://orchestrations/";
const RUNS = "orch://runs/";
const JSON_TYPE = "application/json";

/** `resources/list`: each orchestration, as it describes itself. */
export const listResources: McpMethod = async (request) => ({
  result: {
    resources: request.call.runs.orchestrations.map(({ name, description }) => ({
      uri: FLOWS + encodeURIComponent(name),
      name,
      ...(description && { description }),
      mimeType: JSON_TYPE,
    })),
    ...cacheWords(request),
  },
});

/** `resources/templates/list`: each run, as it stands. */
export const listTemplates: McpMethod = async (request) => ({
  result: {
    resourceTemplates: [
      {
        uriTemplate: `${RUNS}{run}`,
        name: "run",
        description: "Where a run is: its status, its open states and questions, and what it cost.",
        mimeType: JSON_TYPE,
      },
    ],
    ...cacheWords(request),
  },
});

/** `resources/read`. */
export const readResource: McpMethod = async (request) => {
  const { uri } = request.params;
  if (typeof uri !== "string") return unfitParams("The uri is no text.");
  const value = await described(request, uri);
  if (value === undefined) return unknownResource(request, uri);
  const contents = [{ uri, mimeType: JSON_TYPE, text: JSON.stringify(value, undefined, 2) }];
  // A run goes on: nothing of it is kept.
  return { result: { contents, ...cacheWords(request), ...(request.isStateless && { ttlMs: 0 }) } };
};

async function described({ call }: McpRequest, uri: string): Promise<object | undefined> {
  const id = (start: string): string | undefined =>
    uri.startsWith(start) ? decoded(uri.slice(start.length)) : undefined;
  const [flow, run] = [id(FLOWS), id(RUNS)];
  if (flow !== undefined) return call.runs.orchestrations.find(({ name }) => name === flow);
  if (run === undefined) return undefined;
  try {
    return await call.runs.describe(run);
  } catch (error) {
    if (isOrchError(error, "ORCH_SERVER_UNKNOWN")) return undefined;
    throw error;
  }
}

function unknownResource({ isStateless }: McpRequest, uri: string): McpOutcome {
  const code = isStateless ? RPC_CODE.params : RPC_CODE.noResource;
  return { fault: { code, message: "There is no such resource.", data: { uri } } };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
