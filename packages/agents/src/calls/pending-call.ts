/** A call without a result as it is shown to whoever decides or answers. */

import type { ToolCallPart } from "../words/message.ts";
import type { PendingCall } from "../words/result.ts";
import { argumentsOf } from "./tool-call.ts";

/** The call as data. Arguments that cannot be read are `null`; such a call never runs. */
export function pendingCallOf(part: ToolCallPart): PendingCall {
  const read = argumentsOf(part);
  return { id: part.id, name: part.name, input: "input" in read ? read.input : null };
}
