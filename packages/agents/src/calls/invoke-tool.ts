/** The body of a tool: how it is called, stopped and timed. */
import type { ToolContext, ToolOutput } from "../agent/tool.ts";
import type { Deadlines } from "../platform/deadlines.ts";
import { LinkedAbort } from "../platform/linked-abort.ts";
import type { ToolCallPart, ToolResultPart } from "../words/message.ts";
import { type ApprovedCall, spendApproval } from "./approval.ts";
import { cancelledResult, errorResult, messageOf, outputResult } from "./tell-call.ts";
import { ToolTime } from "./tool-time.ts";

/** What a tool did, as plain data: it is remembered when the run remembers. */
export interface ToolRun {
  readonly ended: "output" | "failed" | "timeout" | "cancelled";
  /** What the model is told. */
  readonly result: ToolResultPart;
  /** Set only for a tool that ends the run. */
  readonly output?: ToolOutput;
  /** Set only after a failure. */
  readonly problem?: string;
}

/** What an invocation is given. */
export interface InvokeOptions {
  /** Cancels the call. */
  readonly parent: LinkedAbort;
  readonly deadlines: Deadlines;
  /** When it begins, as the clock's `elapsed` says. */
  readonly began: number;
  /** In milliseconds; without it there is no limit. */
  readonly timeout: number | undefined;
  readonly emit: (data: unknown) => void;
  readonly context: unknown;
  /** Makes the `ask` of the tool; absent where nobody can be asked. */
  readonly ask: ((signal: AbortSignal, time: ToolTime) => NonNullable<ToolContext["ask"]>) | undefined;
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
  { parent, deadlines, began, timeout, emit, context, ask, body }: InvokeOptions,
): Promise<ToolRun> {
  const { tool, input } = spendApproval(approved, { tool: part.name, callId: part.id });
  const link = new LinkedAbort(parent);
  const { signal } = link;
  let open = true;
  let timedOut = false;
  let left = false;
  const time = new ToolTime(deadlines, { began, timeout, longest: tool.longest }, () => {
    timedOut = !signal.aborted;
    link.abort();
  });
  const ctx: ToolContext = {
    signal,
    callId: part.id,
    emit: (data) => {
      if (!open) return;
      time.goOn();
      emit(data);
    },
    ...(ask && { ask: ask(signal, time) }),
    context,
  };
  try {
    const output = await link.wait(
      begun(() => (body ? body(signal) : tool.invoke(input as never, ctx))),
      deadlines.clock,
      () => {
        left = true;
        return undefined;
      },
    );
    if (timedOut) return failed("timeout", part, time.problem);
    if (left) return { ended: "cancelled", result: cancelledResult(part) };
    if ((output as unknown) instanceof Error) return failed("failed", part, messageOf(output));
    const result = outputResult(part, output);
    return tool.ends && output !== undefined
      ? { ended: "output", result, output }
      : { ended: "output", result };
  } catch (error) {
    if (timedOut) return failed("timeout", part, time.problem);
    if (parent.signal.aborted) return { ended: "cancelled", result: cancelledResult(part) };
    return failed("failed", part, messageOf(error));
  } finally {
    open = false;
    time.stop();
    link.dispose();
  }
}

/** A tool that throws or returns at once ends no sooner than one that gives a promise. */
function begun(run: () => ToolOutput | Promise<ToolOutput>): Promise<ToolOutput> {
  try {
    const output = run();
    return output instanceof Promise ? output : Promise.resolve(output);
  } catch (error) {
    return Promise.reject(error);
  }
}

function failed(
  ended: "failed" | "timeout",
  part: Pick<ToolCallPart, "id" | "name">,
  problem: string,
): ToolRun {
  return { ended, result: errorResult(part, problem), problem };
}
