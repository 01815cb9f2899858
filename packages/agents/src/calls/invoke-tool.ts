/** The body of a tool: how it is called, stopped and timed. */
import type { Tool, ToolContext, ToolOutput } from "../agent/tool.ts";
import { LinkedAbort } from "../platform/linked-abort.ts";
import type { Ends, Work, WorkEnd } from "../platform/settlement.ts";
import type { ToolCallPart, ToolResultPart } from "../words/message.ts";
import { type ApprovedCall, spendApproval } from "./approval.ts";
import type { CallScope } from "./call-scope.ts";
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
  /** When it begins, as the clock's `elapsed` says. */
  readonly began: number;
  /** In milliseconds; without it there is no limit. */
  readonly timeout: number | undefined;
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
  part: CallName,
  scope: CallScope,
  options: InvokeOptions<TDone>,
): Promise<TDone> {
  const { tool, input } = spendApproval(approved, part);
  const call = new RunningCall(tool, input, part, scope, options);
  return call.link.wait(call, scope.clock, call);
}

type CallName = Pick<ToolCallPart, "id" | "name">;

/** A call whose tool begins, until its first end counts. */
class RunningCall<TDone> implements Ends<ToolOutput, TDone>, Work<ToolOutput> {
  readonly #tool: Tool;
  readonly #input: unknown;
  readonly #part: CallName;
  readonly #scope: CallScope;
  readonly #options: InvokeOptions<TDone>;
  readonly link: LinkedAbort;
  readonly #time: ToolTime;
  #open = true;
  #timedOut = false;

  constructor(tool: Tool, input: unknown, part: CallName, scope: CallScope, options: InvokeOptions<TDone>) {
    this.#tool = tool;
    this.#input = input;
    this.#part = part;
    this.#scope = scope;
    this.#options = options;
    this.link = new LinkedAbort(scope.link);
    this.#time = new ToolTime(scope.deadlines, options.began, options.timeout, tool.longest, this);
  }

  /** Its time is up. */
  timeUp(): void {
    this.#timedOut = !this.link.aborted;
    this.link.abort();
  }

  /** A tool that throws or returns at once ends no sooner than one that gives a promise. */
  begin(end: WorkEnd<ToolOutput>): void {
    begun(this).then(
      (output) => end.value(output),
      (error: unknown) => end.error(error),
    );
  }

  /** Calls the tool. */
  call(): ToolOutput | Promise<ToolOutput> {
    const { ask, body } = this.#options;
    const { signal } = this.link;
    if (body !== undefined) return body(signal);
    const callId = this.#part.id;
    const { context } = this.#scope;
    const emit = (data: unknown): void => this.#emit(data);
    const ctx: ToolContext =
      ask === undefined
        ? { signal, callId, emit, context }
        : { signal, callId, emit, ask: ask(signal, this.#time), context };
    return this.#tool.invoke(this.#input as never, ctx);
  }

  #emit(data: unknown): void {
    if (!this.#open) return;
    this.#time.goOn();
    const { id, name } = this.#part;
    this.#scope.emit({ type: "tool.progress", id, name, data });
  }

  value(output: ToolOutput): TDone | Promise<TDone> {
    this.#close();
    return this.#options.done(this.#timedOut ? this.#late() : this.#gave(output));
  }

  error(error: unknown): TDone | Promise<TDone> {
    const isCancelled = this.#scope.link.aborted;
    this.#close();
    if (this.#timedOut) return this.#options.done(this.#late());
    return this.#options.done(
      isCancelled ? this.#cancelled() : failed("failed", this.#part, messageOf(error)),
    );
  }

  left(): TDone | Promise<TDone> {
    this.#close();
    return this.#options.done(this.#timedOut ? this.#late() : this.#cancelled());
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
    return failed("timeout", this.#part, this.#time.problem);
  }

  #cancelled(): ToolRun {
    return { ended: "cancelled", result: cancelledResult(this.#part) };
  }

  #close(): void {
    this.#open = false;
    this.#time.stop();
    this.link.dispose();
  }
}

function begun(call: Pick<RunningCall<unknown>, "call">): Promise<ToolOutput> {
  try {
    const output = call.call();
    return output instanceof Promise ? output : Promise.resolve(output);
  } catch (error) {
    return Promise.reject(error);
  }
}

function failed(ended: "failed" | "timeout", part: CallName, problem: string): ToolRun {
  return { ended, result: errorResult(part, problem), problem };
}
