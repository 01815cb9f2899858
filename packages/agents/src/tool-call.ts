/** One tool call: read what the model wrote, and run it when it may. */
import type { Clock } from "@orch/core";
import { describeIssues } from "@orch/core/doors";
import { type ApprovedCall, type ReadyCall, spendApproval } from "./approval.ts";
import { type CallInput, readCallInput } from "./call-input.ts";
import { LinkedAbort } from "./linked-abort.ts";
import type { ToolCallPart } from "./message.ts";
import { toStrict } from "./schema.ts";
import type { Tool, ToolContext, ToolOutput } from "./tool.ts";

/** What a call turned out to be. */
export type CallReading =
  | { readonly ready: true; readonly call: ReadyCall }
  /** `problem` is a sentence for the model. */
  | { readonly ready: false; readonly problem: string };

/** Checks a call against the tools there are. Arguments are read as they were written; nothing is repaired. */
export async function readCall(
  { id, name }: ToolCallPart,
  read: CallInput,
  tools: readonly Tool[],
): Promise<CallReading> {
  const tool = tools.find((candidate) => candidate.name === name);
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

function unknownTool(name: string, tools: readonly Tool[]): string {
  const names = tools.map((tool) => tool.name).join(", ");
  const shown = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
  return `Unknown tool "${shown}". Available: ${names === "" ? "none" : names}.`;
}

/** How an invocation ended. */
export type Invocation =
  | { readonly ended: "output"; readonly output: ToolOutput }
  | { readonly ended: "failed"; readonly problem: string; readonly error: unknown }
  | { readonly ended: "timeout"; readonly problem: string }
  | { readonly ended: "cancelled" };

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
  readonly body?: (signal: AbortSignal) => ToolOutput | Promise<ToolOutput>;
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
  options: InvokeOptions,
): Promise<Invocation> {
  const { tool, input } = spendApproval(approved, { tool: part.name, callId: part.id });
  const { parent, clock, timeout, body, context } = options;
  const link = new LinkedAbort(parent);
  let timedOut = false;
  let open = true;
  const timer = (): void => {
    timedOut = !link.signal.aborted;
    link.abort();
  };
  const cancelTimer = timeout === undefined ? undefined : clock.after(timeout, timer);
  const emit = (data: unknown): void => {
    if (open) options.emit(data);
  };
  try {
    const { signal } = link;
    const ctx: ToolContext = { signal, callId: part.id, emit, context };
    const running = runBody(() => (body ? body(signal) : tool.invoke(input as never, ctx)));
    const outcome = await link.wait(running, clock);
    if (timedOut) return { ended: "timeout", problem: tookTooLong(timeout) };
    if (outcome?.ended === "output") return outcome;
    if (outcome === undefined || parent.signal.aborted) return { ended: "cancelled" };
    return outcome;
  } finally {
    open = false;
    cancelTimer?.();
    link.dispose();
  }
}

async function runBody(body: () => ToolOutput | Promise<ToolOutput>): Promise<Invocation> {
  try {
    return { ended: "output", output: await body() };
  } catch (error) {
    return { ended: "failed", problem: messageOf(error), error };
  }
}

/** What a model is told of a tool whose time was up. */
export function tookTooLong(timeout = 0): string {
  return `The tool took longer than ${timeout / 1_000} s and was stopped.`;
}

/** What an error says, without its stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
