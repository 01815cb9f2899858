/** A turn that is kept, as updates for a client that loads its conversation. */
import type { SessionUpdate } from "@agentclientprotocol/sdk";
import { textOf } from "@orch/agents";
import type { TurnRecord } from "@orch/chat-runtime";
import { safe, safeText } from "../terminal/safe-text.ts";
import { ToolUpdates } from "./tool-updates.ts";

/** Tells a turn; nothing of one that was taken out of the conversation. */
export function replayed(turn: TurnRecord, folder: string): readonly SessionUpdate[] {
  if (turn.status === "dropped") return [];
  const tools = new ToolUpdates(turn.id, folder);
  const told = turn.messages.flatMap((message, at): readonly SessionUpdate[] => {
    const text = message.role === "tool" ? "" : safeText(textOf(message));
    const chunk = { content: { type: "text" as const, text }, messageId: `${turn.id}/${at}` };
    if (message.role === "user") return [{ sessionUpdate: "user_message_chunk", ...chunk }];
    const calls = tools.take(
      { event: { type: "agent.message", message, agent: "", turn: 0 }, inner: "" } as Parameters<
        ToolUpdates["take"]
      >[0],
      "",
    );
    return text === "" ? calls : [{ sessionUpdate: "agent_message_chunk", ...chunk }, ...calls];
  });
  return [...told, ...tools.stop(""), ...ending(turn)];
}

/** How it ended, where that was not an answer. */
function ending({ id, status, error }: TurnRecord): readonly SessionUpdate[] {
  if (status !== "failed" && status !== "cancelled") return [];
  const text =
    status === "failed" ? safe`(failed: ${safeText(error ?? "no reason is known")})` : safe`(stopped)`;
  const content = { type: "text" as const, text };
  return [{ sessionUpdate: "agent_message_chunk", content, messageId: `${id}/end` }];
}
