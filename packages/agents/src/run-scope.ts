/** What one run holds: who runs, on which model, within which bounds. Made once, before the first event. */
import { type Clock, systemClock } from "@orch/core";
import type { Agent } from "./agent.ts";
import type { Approval, Approver, Decision } from "./approval.ts";
import { Conversation } from "./conversation.ts";
import { MissingModelError } from "./errors/missing-model-error.ts";
import type { AgentEvent, EmitEvent } from "./events.ts";
import { type Message, type SystemMessage, systemMessage, userMessage } from "./message.ts";
import { type Model, modelName, type ToolSpec } from "./model.ts";
import { closeOldCalls } from "./open-calls.ts";
import type { PendingCall } from "./result.ts";
import { toStrict } from "./schema.ts";
import { type OutputPlan, planOutput } from "./structured-output.ts";

/** How a run is made, apart from what it is about. */
export interface RunAgentOptions {
  /** Cancels the run; the result then says `aborted` and holds what was done until then. */
  readonly signal?: AbortSignal;
  /** Receives every event as it happens. What it throws is ignored. */
  readonly onEvent?: (event: AgentEvent) => void;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Replaces the agent's model. */
  readonly model?: Model;
  /** Replaces the agent's limit. */
  readonly maxTurns?: number;
  /**
   * Asks somebody about a call whose tool needs approval; the run goes on with the answer. One that
   * throws or rejects is a denial. Without it the run returns `needs-approval`.
   */
  readonly onApproval?: (call: PendingCall, signal: AbortSignal) => Approval | Promise<Approval>;
  /** Answers for the calls that an earlier result left in `pending`; the input ends with those calls. */
  readonly decisions?: readonly Decision[];
}

/** One run, ready to begin. */
export interface RunScope {
  readonly agent: Agent<unknown>;
  readonly model: Model;
  readonly maxTurns: number;
  readonly conversation: Conversation;
  readonly system: readonly SystemMessage[];
  readonly tools: readonly ToolSpec[];
  readonly plan: OutputPlan;
  readonly approver: Approver;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly emit: EmitEvent;
}

/**
 * Prepares a run.
 *
 * @throws MissingModelError (`ORCH_MISSING_MODEL`), SchemaError (`ORCH_SCHEMA`), OutputUnsupportedError
 * (`ORCH_OUTPUT_UNSUPPORTED`), and what `instructions` throws.
 */
export async function openScope(
  agent: Agent<unknown>,
  input: string | readonly Message[],
  options: RunAgentOptions,
  signal: AbortSignal,
  publish: (event: AgentEvent) => void,
): Promise<RunScope> {
  const model = options.model ?? agent.model;
  if (model === undefined) throw new MissingModelError({ agent: agent.name });
  const messages = typeof input === "string" ? [userMessage(input)] : closeOldCalls(input);
  const conversation = new Conversation(messages, agent.outputRetries);
  const plan = planOutput(agent, model);
  const { onApproval } = options;
  const scope: RunScope = {
    agent,
    model,
    maxTurns: options.maxTurns ?? agent.maxTurns,
    conversation,
    system: await systemOf(agent, messages, plan),
    tools: toolSpecs(agent, model, plan, conversation.warnings),
    plan,
    approver: onApproval === undefined ? {} : { ask: (call) => onApproval(call, signal) },
    signal,
    clock: options.clock ?? systemClock,
    emit: (event) =>
      publish({ ...event, agent: agent.name, turn: Math.max(1, conversation.turn) } as AgentEvent),
  };
  if (agent.budget?.cost !== undefined && model.caps.price === undefined) {
    conversation.warnings.add(
      `The price of ${modelName(model.id)} is unknown, so the cost budget is not kept.`,
    );
  }
  return scope;
}

async function systemOf(
  agent: Agent<unknown>,
  messages: readonly Message[],
  plan: OutputPlan,
): Promise<readonly SystemMessage[]> {
  const { instructions = "" } = agent;
  const own = typeof instructions === "string" ? instructions : await instructions(messages);
  const texts = [own, plan.way === "prompt" ? plan.instructions : ""].filter((text) => text !== "");
  return texts.length === 0 ? [] : [systemMessage(texts.join("\n\n"))];
}

function toolSpecs(
  agent: Agent<unknown>,
  model: Model,
  plan: OutputPlan,
  warnings: Set<string>,
): readonly ToolSpec[] {
  if (plan.way !== "text") {
    for (const problem of toStrict(plan.schema).warnings)
      warnings.add(`The output of "${agent.name}": ${problem}.`);
  }
  if (!model.caps.tools && agent.tools.length > 0) {
    warnings.add(`The model ${modelName(model.id)} cannot call tools, so it is not offered any.`);
    return [];
  }
  const specs = agent.tools.map(({ name, description, input }) => {
    const { schema, strict, warnings: problems } = toStrict(input);
    for (const problem of problems) warnings.add(`The arguments of the tool "${name}": ${problem}.`);
    return { name, description, schema, strict };
  });
  return plan.way === "tool" ? [...specs, plan.spec] : specs;
}

/** Tells something once that the user should know, as an event and in the result. */
export function warn({ conversation, emit }: RunScope, warning: string): void {
  if (conversation.warnings.has(warning)) return;
  conversation.warnings.add(warning);
  emit({ type: "agent.warning", warning });
}
