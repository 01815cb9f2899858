import { isOrchError } from "@orch/core";
import { RPC_CODE } from "../reply/json-rpc.ts";
import { callerOf } from "./caller-of.ts";
import { unfitParams } from "./faults.ts";
import type { McpMethod, McpOutcome, McpRequest } from "./mcp-request.ts";
import type { McpResource, PlacedResource } from "./offered-resource.ts";
import { FLOWS, idIn, RUN_TEMPLATE, RUNS } from "./resource-uris.ts";
import { cacheWords } from "./tool-list.ts";

const JSON_TYPE = "application/json";

/** `resources/list`: each orchestration, as it describes itself, and what the application offers. */
export const listResources: McpMethod = async (request) => ({
  result: {
    resources: [
      ...request.call.runs.orchestrations.map(({ name, description }) => ({
        uri: FLOWS + encodeURIComponent(name),
        name,
        ...(description && { description }),
        mimeType: JSON_TYPE,
      })),
      ...request.settings.resources.all
        .filter(({ template }) => template.variables.length === 0)
        .map(({ uri, resource }) => ({ uri, ...factsOf(uri, resource) })),
    ],
    ...cacheWords(request),
  },
});

/** `resources/templates/list`: each run, as it stands, and what the application offers. */
export const listTemplates: McpMethod = async (request) => ({
  result: {
    resourceTemplates: [
      {
        uriTemplate: RUN_TEMPLATE,
        name: "run",
        description:
          "Where a run is: its status, its open states and questions, what it cost, and what it gave.",
        mimeType: JSON_TYPE,
      },
      ...request.settings.resources.all
        .filter(({ template }) => template.variables.length > 0)
        .map(({ uri, resource }) => ({ uriTemplate: uri, ...factsOf(uri, resource) })),
    ],
    ...cacheWords(request),
  },
});

/** `resources/read`. */
export const readResource: McpMethod = async (request) => {
  const { uri } = request.params;
  if (typeof uri !== "string") return unfitParams("The uri is no text.");
  const content = await contentOf(request, uri);
  if (content === undefined) return unknownResource(request, uri);
  const contents = [{ uri, ...content }];
  // A run goes on: nothing of it is kept.
  return { result: { contents, ...cacheWords(request), ...(request.isStateless && { ttlMs: 0 }) } };
};

/** Whether a URI leads to something; what the application offers is not read for it. */
export async function isResource(request: McpRequest, uri: string): Promise<boolean> {
  return request.settings.resources.at(uri) !== undefined || (await described(request, uri)) !== undefined;
}

export function unknownResource({ isStateless }: McpRequest, uri: string): McpOutcome {
  const code = isStateless ? RPC_CODE.params : RPC_CODE.noResource;
  return { fault: { code, message: "There is no such resource.", data: { uri } } };
}

function factsOf(
  uri: PlacedResource["uri"],
  { name = uri, title, description, mimeType }: McpResource,
): object {
  return {
    name,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(mimeType !== undefined && { mimeType }),
  };
}

async function contentOf(request: McpRequest, uri: string): Promise<object | undefined> {
  const found = request.settings.resources.at(uri);
  if (found === undefined) {
    const value = await described(request, uri);
    return value && { mimeType: JSON_TYPE, text: JSON.stringify(value, undefined, 2) };
  }
  const { resource, variables } = found;
  const content = await resource.read(variables, callerOf(request.call));
  if (content === undefined) return undefined;
  const { mimeType } = resource;
  if (typeof content === "string") return { mimeType: mimeType ?? "text/plain", text: content };
  return { mimeType: mimeType ?? "application/octet-stream", blob: base64(content) };
}

async function described({ call }: McpRequest, uri: string): Promise<object | undefined> {
  const [flow, run] = [idIn(uri, FLOWS), idIn(uri, RUNS)];
  if (flow !== undefined) return call.runs.orchestrations.find(({ name }) => name === flow);
  if (run === undefined) return undefined;
  try {
    return await call.runs.describe(run);
  } catch (error) {
    if (isOrchError(error, "ORCH_SERVER_UNKNOWN")) return undefined;
    throw error;
  }
}

/** In pieces, because a function takes only so many arguments. */
function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
