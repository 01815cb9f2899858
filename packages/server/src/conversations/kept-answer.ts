import type { AssistantMessage } from "@orch/agents";
import type { TurnRecord } from "@orch/chat-runtime";

/** The answer that was kept of a turn. */
export function assistantMessageOf({ messages }: TurnRecord): AssistantMessage {
  const answer = messages.findLast((message): message is AssistantMessage => message.role === "assistant");
  return (
    answer ?? {
      role: "assistant",
      content: [],
      origin: { provider: "orch", api: "server", model: "" },
      finish: { reason: "stop" },
    }
  );
}
