/** One tool call: read what the model wrote, and run it when it may. */
import type { Clock } from "@orch/core";
import { describeIssues } from "@orch/core/doors";
import type { Tool, ToolContext, ToolOutput } from "../agent/tool.ts";
import { type CallInput, readCallInput } from "../model/call-input.ts";
import { LinkedAbort } from "../platform/linked-abort.ts";
import { toStrict } from "../schema/schema.ts";
import type { ToolCallPart, ToolResultPart } from "../words/message.ts";
import { type ApprovedCall, type ReadyCall, spendApproval } from "./approval.ts";
import { cancelledResult, errorResult, outputResult } from "./tool-result.ts";

/** What a call turned out to be. */
export type CallReading =
  | { readonly ready: true; readonly call: ReadyCall }
  /** `problem` is a sentence for the model. */
  | { readonly ready: false; readonly problem: string };

/** Checks a call against the tools there are. Arguments are read as they were written; nothing is repaired. */
export async function readCall(
  { id, name }: ToolCallPart,
  read: CallInput,
  tools: ReadonlyMap<string, Tool>,
): Promise<CallReading> {
  const tool = tools.get(name);
  if (tool === undefined) return { ready: false, problem: unknownTool(name, tools) };
  if ("invalid" in read) return { ready: false, problem: read.invalid };
  const json = read.input;
  try {
    const checked = await tool.input["~standard"].validate(toStrict(tool.input).restore(json));
    if (checked.issues === undefined)
      return { ready: true, call: { id, name, tool, json, input: checked.value } };
    return {
      ready: false,
      problem: `The arguments do not fit: ${describeIssues(checked.issues.slice(0, 5))}`,
    };
  } catch (error) {
    return { ready: false, problem: `The arguments could not be checked: ${messageOf(error)}` };
  }
}

/** The longest arguments that are read, in UTF-16 code units. */
export const LONGEST_INPUT = 1_048_576;

/** The arguments of a call, read from what the model wrote, or why there are none. */
export function argumentsOf(part: ToolCallPart): CallInput {
  if (part.rawInput.length > LONGEST_INPUT) {
    const problem = `The arguments have ${part.rawInput.length} characters, and at most ${LONGEST_INPUT} are taken.`;
    return { invalid: `${problem} Send less, or in several calls.` };
  }
  return part.invalid === undefined ? readCallInput(part.rawInput) : { invalid: part.invalid };
}

/** A longer name is no tool's, and is not repeated whole. */
const LONGEST_NAME = 64;

function unknownTool(name: string, tools: ReadonlyMap<string, Tool>): string {
  const names = [...tools.keys()].join(", ");
  const shown = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
  return `Unknown tool "${shown}". Available: ${names === "" ? "none" : names}.`;
}

/** What a tool did, as plain data: it is remembered when the run remembers. */
export interface Deed {
  readonly ended: "output" | "failed" | "timeout" | "cancelled";
  /** What the model is told. */
  readonly result: ToolResultPart;
  /** Only of a tool that ends the run. */
  readonly output?: ToolOutput;
  /** Only of a failure. */
  readonly problem?: string;
}

/** What an invocation is given. */
export interface InvokeOptions {
  /** Cancels the call. */
  readonly parent: LinkedAbort;
  readonly clock: Clock;
  /** In milliseconds; without it there is no limit. */
  readonly timeout: number | undefined;
  readonly emit: (data: unknown) => void;
  readonly context: unknown;
  /** Runs the call instead of the tool's own function. */
  readonly body: ((signal: AbortSignal) => ToolOutput | Promise<ToolOutput>) | undefined;
}

/**
 * Runs the body of an approved call, and never rejects.
 *
 * When its time is up or the run is cancelled, the tool's signal aborts; the tool then has a second
 * to stop, and is left behind if it does not. What a cancelled tool still gave within that second is
 * kept, because it was done.
 */
export async function invokeTool(
  approved: ApprovedCall,
  part: Pick<ToolCallPart, "id" | "name">,
  { parent, clock, timeout, emit, context, body }: InvokeOptions,
): Promise<Deed> {
  const { tool, input } = spendApproval(approved, { tool: part.name, callId: part.id });
  const link = new LinkedAbort(parent);
  const { signal } = link;
  let open = true;
  let timedOut = false;
  let left = false;
  const timer = (): void => {
    timedOut = !signal.aborted;
    link.abort();
  };
  const cancelTimer = timeout === undefined ? undefined : clock.after(timeout, timer);
  const ctx: ToolContext = {
    signal,
    callId: part.id,
    emit: (data) => {
      if (open) emit(data);
    },
    context,
  };
  try {
    // Async, so that a tool that throws at once ends no sooner than one that gives something at once.
    const run = async (): Promise<ToolOutput> => (body ? body(signal) : tool.invoke(input as never, ctx));
    const output = await link.wait(run(), clock, () => {
      left = true;
      return undefined;
    });
    if (timedOut) return failed("timeout", part, tookTooLong(timeout));
    if (left) return { ended: "cancelled", result: cancelledResult(part) };
    const result = outputResult(part, output);
    return tool.ends && output !== undefined
      ? { ended: "output", result, output }
      : { ended: "output", result };
  } catch (error) {
    if (timedOut) return failed("timeout", part, tookTooLong(timeout));
    if (parent.signal.aborted) return { ended: "cancelled", result: cancelledResult(part) };
    return failed("failed", part, messageOf(error));
  } finally {
    open = false;
    cancelTimer?.();
    link.dispose();
  }
}

function failed(ended: "failed" | "timeout", part: Pick<ToolCallPart, "id" | "name">, problem: string): Deed {
  return { ended, result: errorResult(part, problem), problem };
}

/** What a model is told of a tool whose time was up. */
export function tookTooLong(timeout = 0): string {
  return `The tool took longer than ${timeout / 1_000} s and was stopped.`;
}

/** What an error says, without its stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
