/** An answer that has to fit a schema: it ends the run, or is sent back to the model. Loaded with the first of them. */
import type { ValuePlan } from "../agent/output-plan.ts";
import type { Step, Stop } from "../agent/stop.ts";
import {
  type OutputReading,
  reAsk,
  readMisplacedOutput,
  readOutput,
  readTextOutput,
} from "../agent/structured-output.ts";
import { errorResult } from "../calls/error-result.ts";
import { toolMessage } from "../calls/open-calls.ts";
import { argumentsOf } from "../calls/read-call.ts";
import { outputResult } from "../calls/tell-call.ts";
import { type AssistantMessage, type ToolCallPart, textOf } from "../words/message.ts";
import { append, refuseAll } from "./append.ts";
import { type RunScope, warn } from "./run-scope.ts";

/** Takes a message without calls as a value. */
export async function takeValue(
  scope: RunScope,
  message: AssistantMessage,
  plan: ValuePlan,
): Promise<Stop | undefined> {
  const text = textOf(message);
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

/** Takes the call of the answer tool: if the answer does not fit, the model may call it again, unless this turn is the last. */
export async function takeAnswerCall(
  scope: RunScope,
  calls: readonly ToolCallPart[],
  answer: ToolCallPart,
  { schema }: ValuePlan,
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
  return (await import("./settle-calls.ts")).guardCalls(scope, calls, refused);
}

function mayAskAgain({ conversation, allowance }: RunScope): boolean {
  return allowance.usedUp() === undefined && conversation.outputRetriesLeft-- > 0;
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
