/** What is said in a run, added to its conversation and told its readers. */

import { errorResult } from "../calls/error-result.ts";
import { toolMessage } from "../calls/open-calls.ts";
import type { Message, ToolCallPart, ToolResultPart } from "../words/message.ts";
import type { RunScope } from "./run-scope.ts";

/** Gives each call an error result that says why it did not run. */
export function refuseAll(scope: RunScope, calls: readonly ToolCallPart[], why: string): undefined {
  if (calls.length > 0)
    tell(
      scope,
      calls.map((call) => errorResult(call, why)),
    );
}

/** Adds results of calls that did not run, as the readers of the run are told. */
export function tell(scope: RunScope, results: readonly ToolResultPart[]): void {
  for (const result of results) {
    scope.emit({ type: "tool.completed", id: result.id, name: result.name, result, duration: 0 });
  }
  append(scope, toolMessage(results));
}

/** Adds a message to the conversation, and gives it as it stands there. */
export function append<TMessage extends Message>(scope: RunScope, said: TMessage): TMessage {
  const message = scope.conversation.add(said);
  scope.emit({ type: "agent.message", message });
  return message;
}
