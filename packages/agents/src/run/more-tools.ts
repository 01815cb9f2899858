/** Tools that come and go in the middle of a run. */
import { handoffsOf } from "../agent/handoff/handoff.ts";
import type { Tool } from "../agent/tool.ts";
import { messageOf } from "../calls/error-result.ts";
import { toolSpecs } from "./offer.ts";
import { type RunScope, warn } from "./run-scope.ts";

/** The run with the tools that there are now. Where they cannot be listed, those of before stay. */
export async function withMoreTools(scope: RunScope): Promise<RunScope> {
  const { agent, model, plan, conversation, moreTools: before } = scope;
  if (agent.moreTools === undefined) return scope;
  let given: readonly Tool[];
  try {
    given = await agent.moreTools();
  } catch (error) {
    warn(scope, `The tools that come and go could not be listed: ${messageOf(error)}`);
    return scope;
  }
  if (given === before) return scope;
  const taken = new Set([...agent.tools, ...handoffsOf(agent)].map(({ name }) => name));
  const more = given.filter(({ name }) => {
    if (taken.has(name)) warn(scope, `The tool "${name}" is left out, as its name is taken.`);
    return taken.size < taken.add(name).size;
  });
  const tools = [...agent.tools, ...more];
  const known = new Set(conversation.warnings);
  const specs = toolSpecs(agent, tools, model, plan, conversation.warnings);
  for (const warning of conversation.warnings)
    if (!known.has(warning)) scope.emit({ type: "agent.warning", warning });
  const { tools: _tools, ...request } = scope.request;
  return {
    ...scope,
    moreTools: given,
    toolsByName: new Map(tools.map((tool) => [tool.name, tool])),
    request: { ...request, ...(specs.length > 0 && { tools: specs }) },
  };
}
