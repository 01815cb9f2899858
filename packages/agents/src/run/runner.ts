/**
 * The loop of an agent: call the model, run its tools, call it again, until there is an answer or a reason to stop.
 *
 * Invariants:
 *  1. A run ends with exactly one result. Limits, refusals, and failures of providers and tools are results; only mistakes in
 *     how the run is set up throw, before the first model call.
 *  2. The conversation grows only at its end. A message that was sent to a provider is never rewritten.
 *  3. A message is acted on only when the provider's own end marker was seen. No tool call of a message that was cut runs.
 *  4. Every tool call gets exactly one result, in the order of the calls, or the run waits for it and says so in `pending`.
 *  5. A tool runs only from an `ApprovedCall`, and an approved call runs once.
 *  6. With `once`, what was done is not done again: a recorded model call is not paid twice, a recorded tool call does not run twice.
 *  7. Turns, tokens and money are checked before each model call. Runs inside this run count towards the same allowance.
 *  8. A cancelled run starts no model call and no tool. What already ran is kept in the result.
 *  9. `agent.started` is the first event and `agent.completed` the last, each once. A reader that throws harms nothing.
 * 10. One agent answers at a time. A handover changes who answers, and the first agent's limits and output schema stay in force.
 */
import type { Agent } from "../agent/agent.ts";
import { type Handoff, handoffsOf } from "../agent/handoff/handoff.ts";
import { withoutLostHandoffs } from "../agent/handoff/lost-handoffs.ts";
import { guardrailStop, type Step, type Stop } from "../agent/stop.ts";
import type { Answers } from "../calls/answers.ts";
import { checkInput, checkOutput } from "../calls/ask-guardrails.ts";
import { waitingCalls } from "../calls/open-calls.ts";
import { LinkedAbort } from "../platform/linked-abort.ts";
import { type AgentEvent, unheard } from "../words/events.ts";
import type { Message } from "../words/message.ts";
import type { Usage } from "../words/model.ts";
import type { AgentResult } from "../words/result.ts";
import {
  activate,
  openScope,
  type RunAgentOptions,
  type RunInside,
  type RunOwner,
  type RunScope,
  warn,
} from "./run-scope.ts";
import { beginTurn, endTurn, resume } from "./turn.ts";

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
  return run(agent, input, options, { parent: options.signal, publish: deliverer(options.onEvent) });
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
  const link = new LinkedAbort(options.signal);
  const deliver = deliverer(options.onEvent);
  let waiting: AgentEvent[] = [];
  let wake: () => void = () => {};
  let ended = false;
  const publish = (event: AgentEvent): void => {
    waiting.push(event);
    deliver(event);
    wake();
  };
  const running = run(agent, input, options, { parent: link, publish }).finally(() => {
    ended = true;
    wake();
  });
  running.catch(() => {});
  try {
    for (;;) {
      while (waiting.length > 0) {
        const events = waiting;
        waiting = [];
        for (const event of events) yield event;
      }
      if (ended) return await running;
      await new Promise<void>((resolve) => {
        wake = () => {
          // Node looks closely at a promise that is resolved twice.
          wake = () => {};
          resolve();
        };
      });
    }
  } finally {
    if (!ended) link.abort();
    await running.catch(() => {});
    link.dispose();
  }
}

const runInside: RunInside = (agent, input, options, owner) => run(agent, input, options, owner);

async function run<TOutput>(
  agent: Agent<TOutput>,
  input: string | readonly Message[],
  options: RunAgentOptions,
  owner: RunOwner,
): Promise<AgentResult<TOutput>> {
  const link = new LinkedAbort(owner.parent);
  try {
    const scope = await openScope(agent, input, options, owner, link, runInside);
    scope.emit({ type: "agent.started", model: scope.modelName });
    for (const warning of scope.conversation.warnings) scope.emit({ type: "agent.warning", warning });
    let end: End = { scope, stop: { stopReason: "error" } };
    try {
      end = await loop(scope);
    } finally {
      scope.deadlines.made?.stop();
      end.scope.emit({
        type: "agent.completed",
        stopReason: end.stop.stopReason,
        usage: scope.allowance.usage,
      });
    }
    return resultOf<TOutput>(end);
  } catch (error) {
    // What still runs beside a mistake ends with it.
    link.abort();
    throw error;
  } finally {
    link.dispose();
  }
}

/** Where a run ended, and with which agent. */
interface End {
  readonly scope: RunScope;
  readonly stop: Stop;
}

async function loop(first: RunScope): Promise<End> {
  let scope = first.agent.moreTools === undefined ? first : await listTools(first);
  if (scope.answers !== undefined && !scope.link.aborted) scope = await answering(scope, scope.answers);
  let step = await begin(scope);
  let last = false;
  let guarded = true;
  for (;;) {
    if (step !== undefined && "handoff" in step) {
      scope = await handOn(scope, step.handoff);
      guarded = true;
      step = await guardInput(scope);
    }
    step ??= stopBefore(scope, last);
    if (step !== undefined && "stopReason" in step) return { scope, stop: await guardOutput(scope, step) };
    if (scope.agent.moreTools !== undefined) scope = await listTools(scope);
    last = isLastTurn(scope);
    const turn = scope.agent.allowedTools === undefined ? scope : await allowing(scope);
    const next = endTurn(turn, await beginTurn(turn, last, guarded), last);
    // A wait that is not needed costs as much as the rest of a turn without a tool.
    step = next instanceof Promise ? await next : next;
    guarded = false;
  }
}

/** The run with the answers that were given for calls that wait. */
async function answering(scope: RunScope, answers: Answers): Promise<RunScope> {
  const { checkAnswers, withAnswers } = await import("../calls/answers.ts");
  checkAnswers(scope.first, scope.conversation.messages, answers);
  return { ...scope, approver: withAnswers(scope.approver, answers) };
}

/** The run with those tools that may be called in the next turn. */
async function allowing(scope: RunScope): Promise<RunScope> {
  const { withAllowedTools } = await import("./allowed-tools.ts");
  return withAllowedTools(scope);
}

/** Few agents have tools that come and go. */
async function listTools(scope: RunScope): Promise<RunScope> {
  return (await import("./more-tools.ts")).withMoreTools(scope);
}

/** Settles calls that wait, or has what is new looked at. A promise only where something is waited for. */
function begin(scope: RunScope): Step | Promise<Step> {
  if (scope.link.aborted) return { stopReason: "aborted" };
  const waiting = waitingCalls(scope.conversation.messages);
  return waiting === undefined ? guardInput(scope) : resume(scope, waiting);
}

function guardInput(scope: RunScope): Stop | undefined | Promise<Stop | undefined> {
  if (scope.agent.guardrails?.input === undefined) return undefined;
  return checkInput(scope, scope.conversation.seen(), "before").then(
    (tripped) => tripped && guardrailStop(tripped),
  );
}

function guardOutput(scope: RunScope, stop: Stop): Stop | Promise<Stop> {
  const { agent, first } = scope;
  const isGuarded = agent.guardrails?.output !== undefined || first.guardrails?.output !== undefined;
  return isGuarded ? checkOutput(scope, stop) : stop;
}

/** Another agent goes on. */
async function handOn(scope: RunScope, handoff: Handoff): Promise<RunScope> {
  const { conversation, agent } = scope;
  const seen = conversation.seen();
  const taken = withoutLostHandoffs(seen, handoffsOf(agent));
  const shown = handoff.filter === undefined ? taken : handoff.filter(taken);
  if (shown !== seen) conversation.showInstead(shown, conversation.messages.length);
  conversation.streaks = [];
  scope.emit({ type: "agent.handoff", from: agent.name, to: handoff.agent.name });
  return activate(scope, handoff.agent);
}

function stopBefore(scope: RunScope, hadLastTurn: boolean): Stop | undefined {
  if (scope.link.aborted) return { stopReason: "aborted" };
  const limit = scope.allowance.usedUp();
  if (limit === undefined) return undefined;
  const mayAnswer = limit === "max-turns" && scope.first.finalTurn === true && !hadLastTurn;
  return mayAnswer ? undefined : { stopReason: limit };
}

function isLastTurn(scope: RunScope): boolean {
  const last = scope.allowance.usedUp() === "max-turns";
  if (last) warn(scope, `The ${scope.allowance.turns} turns were used up; the answer was asked for.`);
  return last;
}

function resultOf<TOutput>({ scope, stop }: End): AgentResult<TOutput> {
  const { conversation, allowance, agent } = scope;
  const usageByModel: { [model: string]: Usage } = {};
  for (const [model, usage] of allowance.usageByModel) usageByModel[model] = usage;
  const result: AgentResult<TOutput> & { output?: TOutput; cost?: number } = {
    ...(stop as Stop & { readonly output?: TOutput }),
    messages: conversation.messages,
    inputCount: conversation.inputCount,
    usage: allowance.usage,
    usageByModel,
    agent: agent.name,
    pending: stop.pending ?? [],
    warnings: [...conversation.warnings],
  };
  if (stop.stopReason !== "done" && "output" in stop) delete result.output;
  if (allowance.cost !== undefined) result.cost = allowance.cost;
  return result;
}

/** Gives events to a listener. An error or rejection of the listener is dropped. */
function deliverer(onEvent: ((event: AgentEvent) => unknown) | undefined): (event: AgentEvent) => void {
  if (onEvent === undefined) return unheard;
  return (event) => {
    try {
      const later = onEvent(event);
      if (later instanceof Promise) later.catch(() => {});
    } catch {
      // The reader's fault, not the run's.
    }
  };
}
