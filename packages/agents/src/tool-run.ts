/** Runs a tool whose call was agreed to, or remembers that it ran. */
import { type ApprovedCall, pendingOf, type ReadyCall } from "./approval.ts";
import { callHash } from "./call-hash.ts";
import { type CallOutcome, completed } from "./call-outcome.ts";
import { checkResult } from "./guardrail/check.ts";
import type { ToolCallPart, ToolResultPart } from "./message.ts";
import { remember } from "./remember.ts";
import type { ToolFailure } from "./result.ts";
import type { RunScope } from "./run-scope.ts";
import type { Tool, ToolOutput } from "./tool.ts";
import { type Invocation, invokeTool } from "./tool-call.ts";
import { cancelledResult, errorResult, outputResult } from "./tool-result.ts";

/** What a tool did, as plain data: it is remembered when the run remembers. */
interface Deed {
  readonly ended: Invocation["ended"];
  readonly result: ToolResultPart;
  /** Only of a tool that ends the run. */
  readonly output?: ToolOutput;
  /** Only of a failure. */
  readonly problem?: string;
}

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

async function act(
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
  const invocation = await invokeTool(approved, part, {
    parent: link,
    clock,
    timeout: tool.timeout ?? (outside ? undefined : agent.toolTimeout),
    emit: (data) => emit({ type: "tool.progress", id, name, data }),
    context,
    ...(outside && { body: (aborted) => outside({ ...pendingOf(ready), deferred: true }, aborted, place) }),
  });
  return deedOf(part, tool, invocation);
}

function deedOf(part: ToolCallPart, tool: Tool, invocation: Invocation): Deed {
  const { ended } = invocation;
  switch (ended) {
    case "output": {
      const { output } = invocation;
      const result = outputResult(part, output);
      return { ended, result, ...(tool.ends && output !== undefined && { output }) };
    }
    case "cancelled":
      return { ended, result: cancelledResult(part) };
    case "failed":
    case "timeout":
      return { ended, result: errorResult(part, invocation.problem), problem: invocation.problem };
  }
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
