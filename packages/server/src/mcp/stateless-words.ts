import { RPC_CODE, type RpcFault } from "../reply/json-rpc.ts";
import type { McpOutcome, McpRequest } from "./mcp-request.ts";

/** Adds to a result what every result of the protocol of 2026 says. */
export function statelessOutcome(
  { settings: { name, version } }: Pick<McpRequest, "settings">,
  outcome: McpOutcome,
): { readonly result: object } | { readonly fault: RpcFault } {
  if ("fault" in outcome) return outcome;
  if ("response" in outcome) return { fault: { code: RPC_CODE.failed, message: "There is no result." } };
  const meta = { "io.modelcontextprotocol/serverInfo": { name, version } };
  return { result: { resultType: "complete", ...outcome.result, _meta: meta } };
}
