/** What one run holds: who runs, on which model, within which bounds. Made before the first event, and anew for each agent that takes over. */
import type { Clock, RunContext, Schema } from "@orch/core";
import { COUNT, checkNumbers, systemClock } from "@orch/core/doors";
import type { Agent } from "../agent/agent.ts";
import { Allowance, type Budget, checkBudget } from "../agent/allowance.ts";
import { activeAgent } from "../agent/handoff/active-agent.ts";
import type { OutputPlan } from "../agent/output-plan.ts";
import type { Tool, ToolOutput } from "../agent/tool.ts";
import type { Answers } from "../calls/answers.ts";
import type { Approval, Approver, CallResult, Decision } from "../calls/approval.ts";
import type { OwnDeadlines, ToolAsk } from "../calls/call-scope.ts";
import { closeOldCalls } from "../calls/open-calls.ts";
import type { RunOnce } from "../calls/remember.ts";
import { MissingModelError } from "../errors/missing-model-error.ts";
import type { LinkedAbort } from "../platform/linked-abort.ts";
import { oneAtATime, type Queue } from "../platform/queue.ts";
import { type AgentEvent, type EmitEvent, type Spent, unheard } from "../words/events.ts";
import { type Message, type SystemMessage, systemMessage, userMessage } from "../words/message.ts";
import { type Model, type ModelRequest, modelName } from "../words/model.ts";
import type { AgentResult, PausedRun, PendingCall } from "../words/result.ts";
import { Conversation } from "./conversation.ts";
import type { Offer } from "./offer.ts";

/** How a run is made, apart from what it is about. */
export interface RunAgentOptions {
  /** Cancels the run; the result then says `aborted` and holds what was done until then. */
  readonly signal?: AbortSignal;
  /** Receives every event as it happens. What it throws is ignored. */
  readonly onEvent?: (event: AgentEvent) => void;
  /**
   * Told of each model call as soon as it is paid, those of agents that are tools and of compaction
   * included, and not of what `once` remembers.
   */
  readonly onSpend?: (spent: Spent) => void;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Replaces the model of every agent of the run. */
  readonly model?: Model;
  /** Replaces the agent's limit. */
  readonly maxTurns?: number;
  /** Replaces the agent's budget. */
  readonly budget?: Budget;
  /**
   * The budgets around the run, as the context of a state has them: before each model call the most that it may spend is
   * reserved there, and the run rejects with BudgetError (`ORCH_BUDGET`) before a call that would go over.
   */
  readonly budgets?: Pick<RunContext, "left" | "reserve">;
  /** Handed to tools, guardrails and `instructions` as it is; the model never sees it. */
  readonly context?: unknown;
  /**
   * Asks a person about a call whose tool needs approval. The run continues with the answer. A function that
   * throws or rejects is a denial. Without it the run returns `needs-approval`. `place` names the call
   * within the run, and is the same when the run is made again. `tool` is the tool that is called.
   */
  readonly onApproval?: (
    call: PendingCall,
    signal: AbortSignal,
    place: string,
    tool: Tool,
  ) => Approval | Promise<Approval>;
  /**
   * Runs the calls of deferred tools, those without `invoke`; what it throws is told to the model.
   * Without it the run returns `needs-results`. `once` does not remember these calls; `place` names them.
   */
  readonly execute?: (
    call: PendingCall,
    signal: AbortSignal,
    place: string,
  ) => ToolOutput | Promise<ToolOutput>;
  /**
   * Asks a person what a tool wants to know in the middle of its call (`ctx.ask`): gives the answer, which the question's
   * schema checks. `place` names the call within the run, and is the same when the run is made again. Without it tools
   * cannot ask.
   */
  readonly onQuestion?: ToolAsk;
  /** Answers for the calls that an earlier result left in `pending`; the input ends with those calls. */
  readonly decisions?: readonly Decision[];
  /** Results of deferred calls that an earlier result left in `pending`. */
  readonly results?: readonly CallResult[];
  /** `paused` of the earlier result, together with `decisions` or `results`. */
  readonly paused?: readonly PausedRun[];
  /**
   * Remembers what was done under a name, so that a run made again after a crash neither pays a model
   * call nor runs a tool twice: it returns the value of `fn`, now or as recorded. A rejection is not recorded.
   */
  readonly once?: RunOnce;
}

/** What stays the same in a run, whichever agent answers. */
interface RunFrame {
  /** The agent the run began with: its limits and its output schema hold. */
  readonly first: Agent<unknown>;
  readonly conversation: Conversation;
  readonly allowance: Allowance;
  readonly approver: Approver;
  readonly answers: Answers | undefined;
  readonly execute: RunAgentOptions["execute"];
  readonly onQuestion: ToolAsk | undefined;
  readonly context: unknown;
  readonly once: RunOnce | undefined;
  /** Names the calls of this run: empty, or the place of the call that this run is, with a slash. */
  readonly place: string;
  readonly questions: Queue;
  /** Links the signals of inner work to the run, so that cancelling the run cancels them. */
  readonly link: LinkedAbort;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** The limits of its tool calls. */
  readonly deadlines: OwnDeadlines;
  readonly replacedModel: Model | undefined;
  readonly publish: (event: AgentEvent) => void;
  readonly runInside: RunInside;
}

/** One run, with the agent that answers now. */
export interface RunScope extends RunFrame {
  readonly agent: Agent<unknown>;
  readonly model: Model;
  /** The model's name, as its usage is counted. */
  readonly modelName: string;
  readonly system: readonly SystemMessage[];
  readonly toolsByName: ReadonlyMap<string, Tool>;
  /** The tools that come and go, as they were given last. */
  readonly moreTools?: readonly Tool[];
  /** What all its model calls have in common. */
  readonly request: Omit<ModelRequest, "messages" | "signal" | "toolChoice">;
  readonly plan: OutputPlan;
  readonly emit: EmitEvent;
}

/** The owner of a run: its caller, or the run around it. */
export interface RunOwner {
  /** Cancels the run. */
  readonly parent: AbortSignal | LinkedAbort | undefined;
  readonly publish: (event: AgentEvent) => void;
  /** The settings that an inner run takes over from its outer run. */
  readonly outer?: {
    readonly allowance: Allowance;
    readonly questions: Queue;
    readonly place: string;
  };
}

/** Runs another agent inside a run. */
export type RunInside = (
  agent: Agent<unknown>,
  input: string | readonly Message[],
  options: RunAgentOptions,
  owner: RunOwner,
) => Promise<AgentResult<unknown>>;

/**
 * Prepares a run.
 *
 * @throws MissingModelError (`ORCH_MISSING_MODEL`), SchemaError (`ORCH_SCHEMA`), OutputUnsupportedError
 * (`ORCH_OUTPUT_UNSUPPORTED`), AgentSetupError (`ORCH_AGENT_SETUP`), and what `instructions` throws.
 */
export async function openScope(
  first: Agent<unknown>,
  input: string | readonly Message[],
  options: RunAgentOptions,
  { publish, outer }: RunOwner,
  link: LinkedAbort,
  runInside: RunInside,
): Promise<RunScope> {
  const { signal } = link;
  const messages = typeof input === "string" ? [userMessage(input)] : closeOldCalls(input);
  const conversation = new Conversation(messages, first.outputRetries);
  const { onApproval, decisions = [], results = [], paused = [], clock = systemClock } = options;
  const budget = options.budget ?? first.budget;
  if (options.maxTurns !== undefined) checkNumbers(COUNT, { maxTurns: options.maxTurns });
  if (options.budget !== undefined) checkBudget(options.budget);
  const { agent, opening, from } = activeAgent(first, messages);
  if (from > 0) conversation.showInstead(opening, from);
  const given = options.decisions !== undefined || options.results !== undefined;
  const frame: RunFrame = {
    first,
    conversation,
    allowance: new Allowance(options.maxTurns ?? first.maxTurns, budget, {
      ...(outer !== undefined && { outer: outer.allowance }),
      ...(options.onSpend !== undefined && { onSpend: options.onSpend }),
      ...(options.budgets !== undefined && { budgets: options.budgets }),
    }),
    approver:
      onApproval === undefined ? {} : { ask: (call, place, tool) => onApproval(call, signal, place, tool) },
    answers: given || paused.length > 0 ? { given, decisions, results, paused } : undefined,
    execute: options.execute,
    onQuestion: options.onQuestion,
    context: options.context,
    once: options.once,
    place: outer?.place ?? "",
    questions: outer?.questions ?? oneAtATime(),
    link,
    signal,
    clock,
    deadlines: { made: undefined },
    replacedModel: options.model,
    publish,
    runInside,
  };
  const scope = await activate(frame, agent);
  if (budget?.maxCost !== undefined && scope.model.caps.price === undefined) {
    conversation.warnings.add(
      `The price of ${modelName(scope.model.id)} is unknown, so the cost budget is not kept.`,
    );
  }
  return scope;
}

/** The run with another agent answering. */
export async function activate(frame: RunFrame, agent: Agent<unknown>): Promise<RunScope> {
  const { conversation, context, first, publish } = frame;
  const model = frame.replacedModel ?? agent.model;
  if (model === undefined) throw new MissingModelError({ agent: agent.name });
  const offer = makeOffer(agent, first.output, model, conversation.warnings);
  const { plan, request } = offer instanceof Promise ? await offer : offer;
  const emit: EmitEvent =
    publish === unheard
      ? unheard
      : (event) =>
          publish({ ...event, agent: agent.name, turn: Math.max(1, conversation.turn) } as AgentEvent);
  const { instructions = "" } = agent;
  const system =
    typeof instructions === "string"
      ? systemOf(instructions, plan)
      : toldSystem(instructions(conversation.seen(), context), plan);
  return {
    ...frame,
    agent,
    model,
    modelName: modelName(model.id),
    system: system instanceof Promise ? await system : system,
    toolsByName: new Map(agent.tools.map((tool) => [tool.name, tool])),
    request: {
      ...agent.settings,
      ...request,
      onRetry: (retry) => emit({ type: "agent.retrying", ...retry }),
    },
    plan,
    emit,
  };
}

/** Loaded by the first run with tools, handoffs or an output schema: what rewrites schemas comes with it. */
let offering: typeof import("./offer.ts") | undefined;

const ONLY_TEXT: Offer = { plan: { way: "text" }, request: {} };

/** Gives a promise only where something is loaded. */
function makeOffer(
  agent: Agent<unknown>,
  schema: Schema | undefined,
  model: Model,
  warnings: Set<string>,
): Offer | Promise<Offer> {
  const onlyTalks = schema === undefined && agent.handoffs === undefined && agent.tools.length === 0;
  if (onlyTalks) return ONLY_TEXT;
  if (offering !== undefined) return offering.offerOf(agent, schema, model, warnings);
  return import("./offer.ts").then((loaded) => {
    offering = loaded;
    return loaded.offerOf(agent, schema, model, warnings);
  });
}

async function toldSystem(
  told: string | Promise<string>,
  plan: OutputPlan,
): Promise<readonly SystemMessage[]> {
  return systemOf(await told, plan);
}

function systemOf(own: string, plan: OutputPlan): readonly SystemMessage[] {
  const texts = [own, plan.way === "prompt" ? plan.instructions : ""].filter((text) => text !== "");
  return texts.length === 0 ? [] : [systemMessage(texts.join("\n\n"))];
}

/** Tells something once that the user should know, as an event and in the result. */
export function warn({ conversation, emit }: Pick<RunScope, "conversation" | "emit">, warning: string): void {
  if (conversation.warnings.has(warning)) return;
  conversation.warnings.add(warning);
  emit({ type: "agent.warning", warning });
}
