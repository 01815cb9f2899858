/** The note of a state on the rail while it works. */
import { agentEvents } from "@orch/agents";
import { type EventOf, speech } from "@orch/core";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { callLabel } from "./call-label.ts";

/** Something to show for a state while it works. */
export type AgentNote =
  | { readonly type: "text"; readonly delta: string }
  | { readonly type: "tool"; readonly label: SafeText }
  | { readonly type: "tool-end" }
  /** A server told no tokens of a call, also of one of an agent that is a tool. */
  | { readonly type: "estimate" }
  | { readonly type: "retry"; readonly attempt: number; readonly delay: number; readonly reason: SafeText };

/** Reads a note; `undefined` for output of another channel, or with nothing to show. */
export function agentNote(event: EventOf<"state.output">): AgentNote | undefined {
  const text = speech.of(event);
  // Code that the compiler did not check may say anything.
  if (typeof text === "string") return { type: "text", delta: text };
  const agent = agentEvents.of(event);
  let inner = agent;
  while (inner?.type === "agent.nested") inner = inner.event;
  if (inner?.type === "agent.turn.completed" && inner.usage.estimated === true) return { type: "estimate" };
  switch (agent?.type) {
    case "tool.started":
      return { type: "tool", label: safe`tool ${callLabel(agent.name, agent.input)}` };
    case "tool.completed":
      return { type: "tool-end" };
    case "agent.retrying": {
      const { attempt, delay, failure } = agent;
      return { type: "retry", attempt, delay, reason: safeText(failure.kind) };
    }
    default:
      return undefined;
  }
}
