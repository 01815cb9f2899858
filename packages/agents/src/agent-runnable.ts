/** An agent as a state of an orchestration. */
import type { Clock, RetryPolicy, RunContext, Runnable } from "@orch/core";
import type { Agent } from "./agent.ts";
import type { Approval } from "./approval.ts";
import { AgentStoppedError } from "./errors/agent-stopped-error.ts";
import type { AgentEvent } from "./events.ts";
import type { Message } from "./message.ts";
import type { Model } from "./model.ts";
import type { RunAgentOptions } from "./run-scope.ts";
import { runAgent } from "./runner.ts";

/** How an agent stands in an orchestration. */
export interface AgentRunnableOptions<TInput> {
  /** Default: the agent's name. */
  readonly id?: string;
  /** What the agent is told. Default: a string as it is, anything else as JSON. */
  readonly toInput?: (input: TInput) => string | readonly Message[];
  /** Replaces the agent's model. */
  readonly model?: Model;
  /** Of the whole state; a failed model call is retried by the model itself before that. */
  readonly retry?: RetryPolicy;
  /** Of one attempt, in milliseconds. */
  readonly timeout?: number;
  /** Asks about tool calls that need approval. Default: they are denied, because nobody can be asked. */
  readonly onApproval?: NonNullable<RunAgentOptions["onApproval"]>;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/**
 * Makes a runnable of an agent. Its events go to the run's readers as `state.output`, its tokens and
 * costs to the run as `state.usage`, and the run's signal cancels it.
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
    invoke: (input: TInput, ctx: RunContext) => invoke(agent, toInput(input), options, ctx),
  });
}

async function invoke<TOutput>(
  agent: Agent<TOutput>,
  input: string | readonly Message[],
  options: Pick<AgentRunnableOptions<never>, "model" | "onApproval" | "clock">,
  ctx: RunContext,
): Promise<TOutput> {
  const { model, clock, onApproval = nobody } = options;
  const result = await runAgent(agent, input, {
    signal: ctx.signal,
    onApproval,
    ...(model !== undefined && { model }),
    ...(clock !== undefined && { clock }),
    onEvent: (event) => {
      ctx.emit(event);
      spend(event, ctx);
    },
  });
  const { stopReason, failure } = result;
  if (stopReason === "done") return result.output as TOutput;
  throw new AgentStoppedError({ agent: agent.name, stopReason, ...(failure !== undefined && { failure }) });
}

function spend(event: AgentEvent, ctx: RunContext): void {
  if (event.type !== "agent.turn.completed") return;
  const { usage, model, cost } = event;
  ctx.spend({
    inputTokens: usage.input,
    outputTokens: usage.output,
    model,
    ...(cost !== undefined && { cost }),
  });
}

function nobody(): Approval {
  return { deny: "Nobody can be asked here." };
}

function asText(input: unknown): string {
  return typeof input === "string" ? input : (JSON.stringify(input) ?? "");
}
