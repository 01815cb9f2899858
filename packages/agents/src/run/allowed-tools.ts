/** Which of its tools an agent may call in the turn that begins. Loaded for agents that say it. */
import { handoffsOf } from "../agent/handoff/handoff.ts";
import { type RunScope, warn } from "./run-scope.ts";

/**
 * The run as the turn sees it. A provider that can be told which tools are allowed gets the same list of tools as before,
 * so that what it has cached stays valid; another one is not offered the rest. A call of a tool that is not allowed does not run.
 */
export function withAllowedTools(scope: RunScope): RunScope {
  const { agent, conversation, allowance, model, plan, request } = scope;
  const { tools, ...rest } = request;
  const turn = { turn: conversation.turn + 1, usage: allowance.usage, messages: conversation.seen() };
  const names = agent.allowedTools?.(turn);
  if (names === undefined || tools === undefined) return scope;
  const known = new Set(tools.map(({ name }) => name));
  for (const name of names)
    if (!known.has(name)) warn(scope, `"${agent.name}" allows the tool "${name}", and there is none.`);
  const ways = [
    ...handoffsOf(agent).map(({ name }) => name),
    ...(plan.way === "tool" ? [plan.spec.name] : []),
  ];
  const allowed = new Set([...names, ...ways]);
  const left = tools.filter(({ name }) => allowed.has(name));
  const toolsByName = new Map([...scope.toolsByName].filter(([name]) => allowed.has(name)));
  const told = model.caps.allowedTools
    ? { ...request, allowedTools: left.map(({ name }) => name) }
    : { ...rest, ...(left.length > 0 && { tools: left }) };
  return { ...scope, toolsByName, request: told };
}
