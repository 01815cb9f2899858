/** Runs a tool whose call was agreed to, or remembers that it ran. */

import type { Tool } from "../agent/tool.ts";
import type { RunScope } from "../run/run-scope.ts";
import type { ToolCallPart } from "../words/message.ts";
import type { ToolFailure } from "../words/result.ts";
import { type ApprovedCall, pendingOf, type ReadyCall } from "./approval.ts";
import { callHash } from "./call-hash.ts";
import { type CallOutcome, completed } from "./call-outcome.ts";
import { checkResult } from "./guardrail-check.ts";
import { remember } from "./remember.ts";
import { type Deed, invokeTool } from "./tool-call.ts";

/** Runs the tool and gives what the model is told, after the guardrails saw it. */
export async function runTool(
  part: ToolCallPart,
  ready: ReadyCall,
  approved: ApprovedCall,
  place: string,
  scope: RunScope,
): Promise<CallOutcome> {
  const { tool } = ready;
  const began = scope.clock.now();
  const once = tool.deferred ? undefined : scope.once;
  const { value: deed, replayed } =
    once === undefined
      ? { value: await act(part, ready, approved, place, scope), replayed: false }
      : await remember(
          once,
          `tool:${place}:${callHash({ name: ready.name, input: ready.json })}`,
          () => act(part, ready, approved, place, scope),
          ({ ended }) => ended !== "cancelled" && (ended === "output" || tool.onError !== "stop"),
        );
  const duration = replayed ? 0 : scope.clock.now() - began;
  const { result, stop } =
    scope.agent.guardrails === undefined
      ? { result: deed.result }
      : await checkResult(scope, part, deed.result);
  return {
    ...completed(part, result, scope, { duration, replayed }),
    ...(stop === undefined ? consequence(tool, deed) : { guardrail: stop }),
  };
}

function act(
  part: ToolCallPart,
  ready: ReadyCall,
  approved: ApprovedCall,
  place: string,
  scope: RunScope,
): Promise<Deed> {
  const { link, clock, emit, context, execute, agent } = scope;
  const { tool } = ready;
  const { id, name } = part;
  emit({ type: "tool.started", id, name, input: ready.json });
  const outside = tool.deferred ? execute : undefined;
  return invokeTool(approved, part, {
    parent: link,
    clock,
    timeout: tool.timeout ?? (outside ? undefined : agent.toolTimeout),
    emit: (data) => emit({ type: "tool.progress", id, name, data }),
    context,
    body: outside && ((aborted) => outside({ ...pendingOf(ready), deferred: true }, aborted, place)),
  });
}

function consequence(tool: Tool, { ended, output, problem }: Deed): Pick<CallOutcome, "ending" | "failure"> {
  if (ended === "output") return tool.ends ? { ending: { output } } : {};
  return problem === undefined ? {} : failureOf(tool, problem);
}

/** What the failure of a tool means for the run: nothing, unless the tool may not fail. */
export function failureOf(tool: Tool, message: string): { readonly failure?: ToolFailure } {
  if (tool.onError !== "stop") return {};
  return { failure: { kind: "tool", tool: tool.name, message, retryable: false } };
}
