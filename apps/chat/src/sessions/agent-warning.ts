import type { ChatEvent } from "@orch/chat-runtime";
import { innermostAgentEvent } from "./innermost-agent-event.ts";

/** What an agent left out of a request or changed in it, in a sentence. */
export function agentWarning(event: ChatEvent): string | undefined {
  const told = innermostAgentEvent(event);
  return told?.type === "agent.warning" ? told.warning : undefined;
}
