/** One turn: a model call and what follows from its message: an answer, tool calls, a handover, or the end of the run. */
import type { Schema } from "@orch/core";
import { guardrailStop, judgeFinish, type Step, type Stop } from "../agent/stop.ts";
import {
  type OutputReading,
  reAsk,
  readMisplacedOutput,
  readOutput,
  readTextOutput,
} from "../agent/structured-output.ts";
import { toolMessage, waitingCalls } from "../calls/open-calls.ts";
import { argumentsOf } from "../calls/read-call.ts";
import { errorResult, outputResult } from "../calls/tell-call.ts";
import { unheard } from "../words/events.ts";
import { type AssistantMessage, callsOf, type ToolCallPart, textOf } from "../words/message.ts";
import { append, refuseAll } from "./append.ts";
import { askModel } from "./model-turn.ts";
import { type RunScope, warn } from "./run-scope.ts";

/** Loaded with the first tool call: an agent without tools needs none of it. */
let calling: typeof import("./settle-calls.ts") | undefined;

async function loadCalling(): Promise<typeof import("./settle-calls.ts")> {
  calling = await import("./settle-calls.ts");
  return calling;
}

/** How a turn is taken. */
export interface TurnManner {
  /** Asks for an answer without tools. */
  readonly last: boolean;
  /** Whether this is the agent's first turn in the run, which guardrails may watch. */
  readonly guarded: boolean;
}

/** Calls the model once and acts on its message. */
export async function takeTurn(scope: RunScope, { last, guarded }: TurnManner): Promise<Step> {
  const { conversation, allowance, emit } = scope;
  conversation.turn++;
  allowance.takeTurn();
  emit({ type: "agent.turn.started" });
  const { message, spent, replayed, tripped } = await askModel(scope, last, guarded);
  const step = tripped === undefined ? await actOn(scope, message, last) : guardrailStop(tripped);
  // What nobody hears is not put together.
  if (emit !== unheard) emit({ type: "agent.turn.completed", ...spent, ...(replayed && { replayed }) });
  return step;
}

/** Gives a promise only where something is waited for. */
function actOn(scope: RunScope, message: AssistantMessage, last: boolean): Step | Promise<Step> {
  const verdict = judgeFinish(message);
  const calls = callsOf(message);
  if (message.content.length > 0 || verdict === "whole") append(scope, message);
  if (verdict !== "whole") {
    refuseAll(scope, calls, cutShort(message));
    if (scope.signal.aborted) return { stopReason: "aborted" };
    return verdict === "paused" ? undefined : verdict;
  }
  if (calls.length === 0) return takeAnswer(scope, message);
  return takeCalls(scope, message, calls, last);
}

/** A message without calls is the answer: as text, or as a value if the agent has a schema. */
async function takeAnswer(scope: RunScope, message: AssistantMessage): Promise<Stop | undefined> {
  const { plan } = scope;
  const text = textOf(message);
  const refusal = message.content.some((part) => part.type === "refusal");
  if (refusal) return { stopReason: "refusal" };
  if (plan.way === "text") return { stopReason: "done", output: text };
  const reading = await readTextOutput(text, plan.schema);
  if (reading.ok) return { stopReason: "done", output: reading.value };
  const misplaced = await readMisplacedOutput(message, plan.schema);
  if (misplaced.ok) {
    warn(scope, "The server put the answer where the thinking stands; it is taken from there.");
    return { stopReason: "done", output: misplaced.value };
  }
  if (!mayAskAgain(scope)) return { stopReason: "invalid-output", rawOutput: text };
  append(scope, reAsk(reading.problem, plan));
  return undefined;
}

function mayAskAgain({ conversation, allowance }: RunScope): boolean {
  return allowance.usedUp() === undefined && conversation.outputRetriesLeft-- > 0;
}

function takeCalls(
  scope: RunScope,
  message: AssistantMessage,
  calls: readonly ToolCallPart[],
  last: boolean,
): Step | Promise<Step> {
  const { plan } = scope;
  const answer = plan.way === "tool" && calls.find((call) => call.name === plan.spec.name);
  if (answer) return takeAnswerCall(scope, calls, answer, plan.schema);
  if (last) {
    refuseAll(scope, calls, "Not run: the turns are used up.");
    return { stopReason: "max-turns", rawOutput: textOf(message) };
  }
  return calling === undefined
    ? loadCalling().then(({ guardCalls }) => guardCalls(scope, calls))
    : calling.guardCalls(scope, calls);
}

/** The answer tool was called: if the answer does not fit, the model may call it again, unless this turn is the last. */
async function takeAnswerCall(
  scope: RunScope,
  calls: readonly ToolCallPart[],
  answer: ToolCallPart,
  schema: Schema,
): Promise<Step> {
  const read = argumentsOf(answer);
  const reading: OutputReading =
    "input" in read ? await readOutput(read.input, schema) : { ok: false, problem: read.invalid };
  if (reading.ok) return acceptAnswer(scope, calls, answer, reading.value);
  const problem = `The answer does not fit: ${reading.problem}`;
  if (!mayAskAgain(scope)) {
    refuseAll(scope, calls, problem);
    return { stopReason: "invalid-output", rawOutput: answer.rawInput };
  }
  const refused = new Map([[calls.indexOf(answer), problem]]);
  return (calling ?? (await loadCalling())).guardCalls(scope, calls, refused);
}

/** The answer was given by calling the answer tool: the run ends at once, and other calls beside it do not run. */
function acceptAnswer(
  scope: RunScope,
  calls: readonly ToolCallPart[],
  answer: ToolCallPart,
  output: unknown,
): Stop {
  const results = calls.map((call) =>
    call === answer
      ? outputResult(call, "Accepted.")
      : errorResult(call, "Not run: the final answer was given in the same message."),
  );
  append(scope, toolMessage(results));
  return { stopReason: "done", output };
}

/** Settles the calls that wait at the end of the input, before the first model call. */
export async function resume(scope: RunScope): Promise<Step> {
  const waiting = waitingCalls(scope.conversation.messages);
  if (waiting === undefined) return undefined;
  const { message, calls } = waiting;
  if (judgeFinish(message) !== "whole") return refuseAll(scope, calls, cutShort(message));
  return (calling ?? (await loadCalling())).settleCalls(scope, calls, calls.map(argumentsOf));
}

/** Why the calls of a message that is not whole do not run. */
function cutShort({ finish }: AssistantMessage): string {
  return `Not run: the message did not come to its end (${finish.reason}).`;
}
