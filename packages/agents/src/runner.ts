/**
 * The loop: call the model, run its tools, call it again, until there is an answer or a reason to
 * stop. Limits, refusals and failures of providers and tools end in a result that says so and holds
 * what was done; only programming mistakes throw.
 */
import type { Agent } from "./agent.ts";
import type { AgentEvent } from "./events.ts";
import { linkedAbort } from "./linked-abort.ts";
import type { Message } from "./message.ts";
import { modelName } from "./model.ts";
import type { AgentResult } from "./result.ts";
import { openScope, type RunAgentOptions, type RunScope, warn } from "./run-scope.ts";
import type { Stop } from "./stop.ts";
import { resume, takeTurn } from "./turn.ts";

/**
 * Runs an agent on a text or a conversation until it stops, and tells why it stopped.
 *
 * @example
 * ```ts
 * const { output, stopReason } = await runAgent(writer, "Two lines on tea.");
 * ```
 * @throws MissingModelError, DecisionError, SchemaError, OutputUnsupportedError: mistakes in how the
 * run is set up, before any model call.
 */
export async function runAgent<TOutput>(
  agent: Agent<TOutput>,
  input: string | readonly Message[],
  options: RunAgentOptions = {},
): Promise<AgentResult<TOutput>> {
  const link = linkedAbort(options.signal);
  try {
    return await run(agent, input, options, link.signal, deliverer(options.onEvent));
  } finally {
    link.dispose();
  }
}

/**
 * Runs an agent and gives its events as they happen; the generator's return value is the result.
 * Leaving it early cancels the run.
 */
export async function* streamAgent<TOutput>(
  agent: Agent<TOutput>,
  input: string | readonly Message[],
  options: RunAgentOptions = {},
): AsyncGenerator<AgentEvent, AgentResult<TOutput>, undefined> {
  const link = linkedAbort(options.signal);
  const deliver = deliverer(options.onEvent);
  const waiting: AgentEvent[] = [];
  let wake: () => void = () => {};
  let ended = false;
  const publish = (event: AgentEvent): void => {
    waiting.push(event);
    deliver(event);
    wake();
  };
  const running = run(agent, input, options, link.signal, publish).finally(() => {
    ended = true;
    wake();
  });
  running.catch(() => {});
  try {
    for (;;) {
      for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) yield event;
      if (ended) return await running;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    if (!ended) link.abort();
    await running.catch(() => {});
    link.dispose();
  }
}

async function run<TOutput>(
  agent: Agent<TOutput>,
  input: string | readonly Message[],
  options: RunAgentOptions,
  signal: AbortSignal,
  publish: (event: AgentEvent) => void,
): Promise<AgentResult<TOutput>> {
  const scope = await openScope(agent, input, options, signal, publish);
  scope.emit({ type: "agent.started", model: modelName(scope.model.id) });
  for (const warning of scope.conversation.warnings) scope.emit({ type: "agent.warning", warning });
  let stop: Stop = { stopReason: "error" };
  try {
    stop = await loop(scope, options);
  } finally {
    scope.emit({ type: "agent.completed", stopReason: stop.stopReason, usage: scope.conversation.usage });
  }
  return resultOf<TOutput>(scope, stop);
}

async function loop(scope: RunScope, options: RunAgentOptions): Promise<Stop> {
  let stop = await resume(scope, options.decisions);
  let last = false;
  while (stop === undefined) {
    if (scope.signal.aborted) return { stopReason: "aborted" };
    const limit = limitReached(scope);
    if (limit !== undefined) {
      if (last || limit.stopReason !== "max-turns" || !scope.agent.finalTurn) return limit;
      last = true;
      warn(scope, `The ${scope.maxTurns} turns were used up; the answer was asked for.`);
    }
    stop = await takeTurn(scope, last);
  }
  return stop;
}

function limitReached({ agent, conversation, maxTurns }: RunScope): Stop | undefined {
  const { tokens = Number.POSITIVE_INFINITY, cost = Number.POSITIVE_INFINITY } = agent.budget ?? {};
  const { usage } = conversation;
  if (usage.input + usage.output >= tokens || (conversation.cost ?? 0) >= cost)
    return { stopReason: "budget" };
  return conversation.turn >= maxTurns ? { stopReason: "max-turns" } : undefined;
}

function resultOf<TOutput>({ agent, conversation }: RunScope, stop: Stop): AgentResult<TOutput> {
  const { output, pending = [], ...rest } = stop;
  return {
    ...rest,
    ...(stop.stopReason === "done" && { output: output as TOutput }),
    messages: conversation.messages,
    inputCount: conversation.inputCount,
    usage: conversation.usage,
    ...(conversation.cost !== undefined && { cost: conversation.cost }),
    agent: agent.name,
    pending,
    warnings: [...conversation.warnings],
  };
}

/** Hands events to a reader whose faults are its own: what it throws, now or later, is dropped. */
function deliverer(onEvent: ((event: AgentEvent) => unknown) | undefined): (event: AgentEvent) => void {
  if (onEvent === undefined) return () => {};
  return (event) => {
    try {
      const later = onEvent(event);
      if (later instanceof Promise) later.catch(() => {});
    } catch {
      // The reader's fault, not the run's.
    }
  };
}
