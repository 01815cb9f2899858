import type { AssistantMessage, UserMessage } from "@orch/agents";
import type { TurnRecord } from "@orch/chat-runtime";

/** The message of a user at a time. */
export function ask(at: number): UserMessage {
  return { role: "user", content: [{ type: "text", text: `question ${at}` }] };
}

/** The start of a turn at a time. */
export function start(at: number): {
  id: string;
  configuration: string;
  message: UserMessage;
  startedAt: number;
} {
  return { id: `turn${at}`, configuration: "echo", message: ask(at), startedAt: at };
}

/** A finished turn with a tool call in it. */
export function turn(at: number, text = `answer ${at}`): TurnRecord {
  const origin = { provider: "test", api: "test", model: "test" };
  const call: AssistantMessage = {
    role: "assistant",
    content: [{ type: "tool-call", id: "c", name: "look", rawInput: '{"deep":[1]}', input: { deep: [1] } }],
    origin,
    finish: { reason: "tool-calls" },
  };
  return {
    id: `turn${at}`,
    configuration: "echo",
    status: "completed",
    messages: [
      ask(at),
      call,
      { role: "tool", content: [{ type: "tool-result", id: "c", name: "look", output: "seen" }] },
      { role: "assistant", content: [{ type: "text", text }], origin, finish: { reason: "stop" } },
    ],
    startedAt: at,
    endedAt: at + 1,
    usage: { input: 10, output: 2 },
    cost: 0.25,
  };
}
