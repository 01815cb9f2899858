/** An agent as a state of an orchestration. */
import {
  type Clock,
  type RetryPolicy,
  type RunContext,
  type Runnable,
  type Spending,
  speech,
} from "@orch/core";
import { clockOf } from "@orch/core/doors";
import type { Agent } from "../agent/agent.ts";
import type { Tool, ToolQuestion } from "../agent/tool.ts";
import type { Approval } from "../calls/approval.ts";
import {
  askApproval,
  askForTool,
  askResult,
  type LastingContext,
  lastingOf,
} from "../calls/call-questions.ts";
import { AgentStoppedError } from "../errors/agent-stopped-error.ts";
import { LinkedAbort } from "../platform/linked-abort.ts";
import { type AgentEvent, agentEvents, type Spent } from "../words/events.ts";
import type { Message } from "../words/message.ts";
import type { Model } from "../words/model.ts";
import type { PendingCall } from "../words/result.ts";
import type { RunAgentOptions } from "./run-scope.ts";
import { runAgent } from "./runner.ts";

/** How an agent stands in an orchestration. */
export interface AgentRunnableOptions<TInput> {
  /** Default: the agent's name. */
  readonly id?: string;
  /** Makes the agent's input. Default: a string as it is, any other value as JSON. */
  readonly toInput?: (input: TInput) => string | readonly Message[];
  /** Replaces the agent's model. */
  readonly model?: Model;
  /**
   * Models that a person may choose at the circuit of the run (`onTerminal` of the orchestration) when this one has no
   * quota or its key is wrong: by the name of the choice, or by the text that came with it as `data`.
   */
  readonly models?: { readonly [choice: string]: Model };
  /** Of the whole state; a failed model call is retried by the model itself before that. */
  readonly retry?: RetryPolicy;
  /** Of one attempt, in milliseconds. */
  readonly timeout?: number;
  /**
   * Asks about tool calls that need approval. Default: they become questions of the run, which waits until
   * they are answered.
   */
  readonly onApproval?: NonNullable<RunAgentOptions["onApproval"]>;
  /** Runs the calls of deferred tools. Default: their results become questions of the run. */
  readonly execute?: NonNullable<RunAgentOptions["execute"]>;
  /** Handed to tools, guardrails and `instructions` as it is. */
  readonly context?: unknown;
  /** Makes that context in each attempt, of the run: for whom it works, or what belongs to its id. Wins over `context`. */
  readonly toContext?: (ctx: RunContext) => unknown;
  /** Default: the run's. */
  readonly clock?: Clock;
}

/**
 * Makes a runnable of an agent. The text that its model writes goes to the run's readers on the channel `speech`, its
 * other events on `agentEvents`, its tokens and costs as `state.usage`. The run's signal cancels it. Where the run's host remembers,
 * finished model calls and tool calls are not made again after a restart.
 *
 * @example
 * ```ts
 * const plan = agentRunnable(planner); // Runnable<string, Plan>
 * const write = agentRunnable(writer, { toInput: (found: Finding[]) => found.map((f) => f.text).join("\n") });
 * ```
 * The runnable fails with AgentStoppedError (`ORCH_AGENT_STOPPED`) unless the agent is done.
 */
export function agentRunnable<TInput = string, TOutput = string>(
  agent: Agent<TOutput>,
  options: AgentRunnableOptions<TInput> = {},
): Runnable<TInput, TOutput> {
  const { id = agent.name, toInput = asText, retry, timeout } = options;
  return Object.freeze({
    id,
    ...(retry !== undefined && { retry }),
    ...(timeout !== undefined && { timeout }),
    invoke: (input: TInput, ctx: RunContext) => invoke(agent, toInput(input), options, ctx, id),
  });
}

type InvokeOptions = Pick<
  AgentRunnableOptions<never>,
  "model" | "models" | "onApproval" | "execute" | "context" | "toContext" | "clock"
>;

async function invoke<TOutput>(
  agent: Agent<TOutput>,
  input: string | readonly Message[],
  options: InvokeOptions,
  ctx: RunContext,
  id: string,
): Promise<TOutput> {
  const { clock = clockOf(ctx), toContext } = options;
  const context = toContext === undefined ? options.context : toContext(ctx);
  const model = chosenModel(agent, options, ctx);
  const link = new LinkedAbort(ctx.signal);
  // A question that could not be asked is no "no": the state fails, and may be tried again.
  let unasked: { readonly error: unknown } | undefined;
  const onUnasked = (error: unknown): never => {
    unasked ??= { error };
    link.abort(error);
    throw error;
  };
  try {
    const lasting = lastingOf(ctx, id, input);
    const { once } = lasting;
    const result = await runAgent(agent, input, {
      signal: link.signal,
      context,
      ...outsideOf(options, lasting, onUnasked),
      ...(once !== undefined && { once }),
      ...(model !== undefined && { model }),
      ...(clock !== undefined && { clock }),
      onEvent: (event) => tell(event, ctx),
      // Contexts of tests, and of hosts of another version, have no budgets.
      ...(typeof (ctx as Partial<RunContext>).reserve === "function" && { budgets: ctx }),
      onSpend: (spent) => pay(spent, ctx),
    });
    if (unasked !== undefined && !ctx.signal.aborted) throw unasked.error;
    const { stopReason, failure, guardrail } = result;
    if (stopReason === "done") return result.output as TOutput;
    const why = { ...(failure !== undefined && { failure }), ...(guardrail !== undefined && { guardrail }) };
    throw new AgentStoppedError({ agent: agent.name, stopReason, ...why }, once !== undefined);
  } finally {
    link.dispose();
  }
}

/** The model that a person chose, or the one that is for this state, or the one of the options. */
function chosenModel(
  agent: { readonly model?: Model },
  { model, models = {} }: InvokeOptions,
  ctx: RunContext,
): Model | undefined {
  const { choice, data } = ctx.choice ?? {};
  const name = [data, choice].find((key) => typeof key === "string" && Object.hasOwn(models, key));
  if (name !== undefined) return models[name as string];
  return (model ?? agent.model)?.inState?.(ctx.path) ?? model;
}

/** Sends text on `speech`, and every other event on `agentEvents`. */
function tell(event: AgentEvent, ctx: RunContext): void {
  // A state that was given up still tells how its agent ended, and the run does not listen any more.
  if (ctx.signal.aborted) return;
  if (event.type === "agent.model" && event.event.type === "text") ctx.emit(speech, event.event.delta);
  else ctx.emit(agentEvents, event);
}

/** Counts a paid call towards the run, unless the run has given the state up. */
function pay(spent: Spent, ctx: RunContext): void {
  if (!ctx.signal.aborted) ctx.spend(spendingOf(spent));
}

/** The functions that decide about calls: those of the options, else those of the run, else none. */
function outsideOf(
  { onApproval, execute }: InvokeOptions,
  { ask, once }: LastingContext,
  onUnasked: (error: unknown) => never,
): Pick<RunAgentOptions, "onApproval" | "execute" | "onQuestion"> {
  const questions = ask && {
    onApproval: (call: PendingCall, _: AbortSignal, place: string, tool: Tool) =>
      askApproval(ask, call, place, tool).catch(onUnasked),
    execute: (call: PendingCall, _: AbortSignal, place: string) =>
      askResult(ask, call, place).catch(onUnasked),
    onQuestion: (question: ToolQuestion<unknown>, call: PendingCall, _: AbortSignal, place: string) =>
      askForTool(ask, question, call, place).catch(onUnasked),
  };
  const kept: typeof execute =
    execute &&
    ((call, signal, place) =>
      once ? once(`tool:${place}`, async () => execute(call, signal, place)) : execute(call, signal, place));
  return {
    onApproval: nobody,
    ...questions,
    ...(onApproval && { onApproval }),
    ...(kept && { execute: kept }),
  };
}

function spendingOf({ usage, model, cost }: Spent): Spending {
  return {
    inputTokens: usage.input,
    ...(usage.cacheRead !== undefined && { cachedTokens: usage.cacheRead }),
    outputTokens: usage.output,
    model,
    ...(cost !== undefined && { cost }),
  };
}

function nobody(): Approval {
  return { deny: "Nobody can be asked here." };
}

function asText(input: unknown): string {
  return typeof input === "string" ? input : (JSON.stringify(input) ?? "");
}
