/** The body of a tool: how it is called, stopped and timed. */
import type { Tool, ToolContext, ToolOutput } from "../agent/tool.ts";
import type { Deadlines } from "../platform/deadlines.ts";
import { type Ends, LinkedAbort } from "../platform/linked-abort.ts";
import type { ToolCallPart, ToolResultPart } from "../words/message.ts";
import { type ApprovedCall, spendApproval } from "./approval.ts";
import { cancelledResult, errorResult, messageOf } from "./error-result.ts";
import { outputResult } from "./tell-call.ts";
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
export interface InvokeOptions<TDone> {
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
  /** Told once, of the first end of the call. */
  readonly done: (did: ToolRun) => TDone | Promise<TDone>;
}

/**
 * Runs the body of an approved call, and gives what `done` makes of what it did.
 *
 * When its time is up or the run is cancelled, the tool's signal aborts; the tool then has a second
 * to stop, and is left behind if it does not. What a cancelled tool still gave within that second is
 * kept, because it was done.
 */
export function invokeTool<TDone>(
  approved: ApprovedCall,
  part: Pick<ToolCallPart, "id" | "name">,
  options: InvokeOptions<TDone>,
): Promise<TDone> {
  const { tool, input } = spendApproval(approved, { tool: part.name, callId: part.id });
  const { ask, body, context } = options;
  const call = new RunningCall(tool, part, options);
  const { signal } = call;
  const ctx: ToolContext = {
    signal,
    callId: part.id,
    emit: call.emit,
    ...(ask && { ask: ask(signal, call.time) }),
    context,
  };
  return call.endOf(begun(() => (body ? body(signal) : tool.invoke(input as never, ctx))));
}

/** A call whose tool has begun, until its first end counts. */
class RunningCall<TDone> implements Ends<ToolOutput, TDone> {
  readonly #tool: Tool;
  readonly #part: Pick<ToolCallPart, "id" | "name">;
  readonly #options: InvokeOptions<TDone>;
  readonly #done: (did: ToolRun) => TDone | Promise<TDone>;
  readonly #link: LinkedAbort;
  readonly time: ToolTime;
  #open = true;
  #timedOut = false;

  constructor(tool: Tool, part: Pick<ToolCallPart, "id" | "name">, options: InvokeOptions<TDone>) {
    const { parent, deadlines, began, timeout } = options;
    this.#tool = tool;
    this.#part = part;
    this.#options = options;
    this.#done = options.done;
    this.#link = new LinkedAbort(parent);
    this.time = new ToolTime(deadlines, { began, timeout, longest: tool.longest }, () => {
      this.#timedOut = !this.signal.aborted;
      this.#link.abort();
    });
  }

  get signal(): AbortSignal {
    return this.#link.signal;
  }

  readonly emit = (data: unknown): void => {
    if (!this.#open) return;
    this.time.goOn();
    this.#options.emit(data);
  };

  endOf(work: Promise<ToolOutput>): Promise<TDone> {
    return this.#link.wait(work, this.#options.deadlines.clock, this);
  }

  value(output: ToolOutput): TDone | Promise<TDone> {
    this.#close();
    return this.#done(this.#timedOut ? this.#late() : this.#gave(output));
  }

  error(error: unknown): TDone | Promise<TDone> {
    const isCancelled = this.#options.parent.signal.aborted;
    this.#close();
    if (this.#timedOut) return this.#done(this.#late());
    return this.#done(isCancelled ? this.#cancelled() : failed("failed", this.#part, messageOf(error)));
  }

  left(): TDone | Promise<TDone> {
    this.#close();
    return this.#done(this.#timedOut ? this.#late() : this.#cancelled());
  }

  #gave(output: ToolOutput): ToolRun {
    const part = this.#part;
    if ((output as unknown) instanceof Error) return failed("failed", part, messageOf(output));
    try {
      const result = outputResult(part, output);
      return this.#tool.ends && output !== undefined
        ? { ended: "output", result, output }
        : { ended: "output", result };
    } catch (error) {
      return failed("failed", part, messageOf(error));
    }
  }

  #late(): ToolRun {
    return failed("timeout", this.#part, this.time.problem);
  }

  #cancelled(): ToolRun {
    return { ended: "cancelled", result: cancelledResult(this.#part) };
  }

  #close(): void {
    this.#open = false;
    this.time.stop();
    this.#link.dispose();
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
