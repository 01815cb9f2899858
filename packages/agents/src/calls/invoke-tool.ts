/** The body of a tool: how it is called, stopped and timed. */
import type { Tool, ToolContext, ToolOutput } from "../agent/tool.ts";
import { type Deadline, Deadlines } from "../platform/deadlines.ts";
import { Settlement } from "../platform/settlement.ts";
import type { ToolCallPart, ToolResultPart } from "../words/message.ts";
import { type ApprovedCall, spendApproval } from "./approval.ts";
import type { CallScope } from "./call-scope.ts";
import { cancelledResult, errorResult, messageOf } from "./error-result.ts";
import { outputResult } from "./tell-call.ts";
import { ToolTime, tookTooLong } from "./tool-time.ts";

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
  readonly ask: ((call: OpenToolCall) => NonNullable<ToolContext["ask"]>) | undefined;
  /** Runs the call instead of the tool's own function. */
  readonly body: ((signal: AbortSignal) => ToolOutput | Promise<ToolOutput>) | undefined;
  /** Told once, of the first end of the call. */
  readonly done: (did: ToolRun) => TDone | Promise<TDone>;
}

/** A call that runs, as its questions need it. */
export interface OpenToolCall {
  readonly signal: AbortSignal;
  readonly time: ToolTime;
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
  return new RunningCall(tool, input, part, scope, options).wait(scope.link);
}

type CallName = Pick<ToolCallPart, "id" | "name">;

/** What the tool is given, before it reads it. */
type UnreadContext = { -readonly [key in keyof ToolContext]?: ToolContext[key] | undefined };

/**
 * A call whose tool begins, until its first end counts. It stands behind the context of the tool: most tools read nothing
 * of it, and to make a signal costs as much as three promises. A getter would be lost in a copy, `{ ...ctx }`.
 */
class RunningCall<TDone>
  extends Settlement<ToolOutput, TDone>
  implements OpenToolCall, Deadline, ProxyHandler<UnreadContext>
{
  readonly #tool: Tool;
  readonly #input: unknown;
  readonly #part: CallName;
  readonly #scope: CallScope;
  readonly #options: InvokeOptions<TDone>;
  /** When its time is up, unless something is told or asked before. */
  readonly due: number;
  #isWatched: boolean;
  #time: ToolTime | undefined;
  #open = true;
  #aborted = false;
  #timedOut = false;
  #controller: AbortController | undefined;

  constructor(tool: Tool, input: unknown, part: CallName, scope: CallScope, options: InvokeOptions<TDone>) {
    super(scope.clock);
    this.#tool = tool;
    this.#input = input;
    this.#part = part;
    this.#scope = scope;
    this.#options = options;
    const { began, timeout } = options;
    this.#isWatched = timeout !== undefined;
    this.due = timeout === undefined ? Number.POSITIVE_INFINITY : began + timeout;
    if (this.#isWatched) deadlinesOf(scope).watch(this, began);
  }

  /** Made when the tool tells or asks something. */
  get time(): ToolTime {
    if (this.#time === undefined) {
      const { began, timeout } = this.#options;
      this.#leaveTime();
      this.#time = new ToolTime(deadlinesOf(this.#scope), began, timeout, this.#tool.longest, this);
    }
    return this.#time;
  }

  #leaveTime(): void {
    if (this.#isWatched) deadlinesOf(this.#scope).leave(this);
    this.#isWatched = false;
  }

  act(): void {
    this.#isWatched = false;
    this.timeUp();
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  get #reason(): unknown {
    return this.#timedOut ? undefined : this.#scope.signal.reason;
  }

  /** The run was aborted, or the time is up. */
  override hear(): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#controller?.abort(this.#reason);
    super.hear();
  }

  /** Its time is up. */
  timeUp(): void {
    this.#timedOut = !this.#aborted;
    this.hear();
  }

  /** A tool that throws or returns at once ends no sooner than one that gives a promise. */
  begin(): void {
    begun(this).then(
      (output) => this.value(output),
      (error: unknown) => this.error(error),
    );
  }

  /** Calls the tool. */
  call(): ToolOutput | Promise<ToolOutput> {
    const { ask, body } = this.#options;
    if (body !== undefined) return body(this.signal);
    return this.#tool.invoke(this.#input as never, this.#context(ask));
  }

  #context(ask: InvokeOptions<TDone>["ask"]): ToolContext {
    const callId = this.#part.id;
    const { context } = this.#scope;
    // What is undefined here is made when it is read.
    const unread: UnreadContext =
      ask === undefined
        ? { signal: undefined, callId, emit: undefined, context }
        : { signal: undefined, callId, emit: undefined, ask: ask(this), context };
    return new Proxy(unread, this) as ToolContext;
  }

  get(unread: UnreadContext, key: string | symbol): unknown {
    this.#make(unread, key);
    return Reflect.get(unread, key);
  }

  getOwnPropertyDescriptor(unread: UnreadContext, key: string | symbol): PropertyDescriptor | undefined {
    this.#make(unread, key);
    return Reflect.getOwnPropertyDescriptor(unread, key);
  }

  #make(unread: UnreadContext, key: string | symbol): void {
    if (key === "signal") unread.signal ??= this.signal;
    else if (key === "emit") unread.emit ??= (data) => this.#emit(data);
  }

  #emit(data: unknown): void {
    if (!this.#open) return;
    this.time.goOn();
    const { id, name } = this.#part;
    this.#scope.emit({ type: "tool.progress", id, name, data });
  }

  onValue(output: ToolOutput): TDone | Promise<TDone> {
    this.#close();
    return this.#options.done(this.#timedOut ? this.#late() : this.#gave(output));
  }

  onError(error: unknown): TDone | Promise<TDone> {
    this.#close();
    if (this.#timedOut) return this.#options.done(this.#late());
    return this.#options.done(
      this.#aborted ? this.#cancelled() : failed("failed", this.#part, messageOf(error)),
    );
  }

  onLeft(): TDone | Promise<TDone> {
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
    const problem = this.#time?.problem ?? tookTooLong(this.#options.timeout);
    return failed("timeout", this.#part, problem);
  }

  #cancelled(): ToolRun {
    return { ended: "cancelled", result: cancelledResult(this.#part) };
  }

  #close(): void {
    this.#open = false;
    this.#leaveTime();
    this.#time?.stop();
  }
}

function deadlinesOf({ deadlines, clock }: CallScope): Deadlines {
  deadlines.made ??= new Deadlines(clock);
  return deadlines.made;
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
