/** The order of turns that servers want: most pass a conversation through a template of the model, which has its own mind. */
import type {
  ChatCompletionAssistantMessageParam,
  ChatCompletionContentPart,
  ChatCompletionMessageParam,
  ChatCompletionUserMessageParam,
} from "openai/resources/chat/completions";
import type { Compat } from "./compat.ts";

/** Joins neighbours of one role, and applies the roles and the order that `compat` requires. */
export function orderedTurns(
  messages: readonly ChatCompletionMessageParam[],
  compat: Compat,
): ChatCompletionMessageParam[] {
  const turns: ChatCompletionMessageParam[] = [];
  const started = (): boolean => turns.some(({ role }) => !isSystem(role));
  for (const message of messages) {
    const next = compat.strictRoles && isSystem(message.role) && started() ? asUser(message) : message;
    const last = turns.at(-1);
    const joined = last && joinedTurns(last, next, compat);
    if (joined !== undefined) turns[turns.length - 1] = joined;
    else {
      if (compat.assistantAfterTool && next.role === "user" && last?.role === "tool") turns.push(BETWEEN);
      if (compat.strictRoles && next.role === "assistant" && !started()) turns.push(FIRST);
      turns.push(next);
    }
  }
  // Where all that was said is blank, nothing is left, and no server takes nothing.
  if (turns.length === 0 || (compat.strictRoles && !started())) turns.push(FIRST);
  return turns;
}

/** Joins two neighbouring turns; `undefined` when they must stay two. */
function joinedTurns(
  last: ChatCompletionMessageParam,
  next: ChatCompletionMessageParam,
  { strictRoles }: Compat,
): ChatCompletionMessageParam | undefined {
  if (strictRoles && isSystem(next.role)) {
    return { ...last, content: `${last.content}\n\n${next.content}` } as typeof last;
  }
  if (next.role === "user" && last.role === "user") return joinedUsers(last, next);
  const goesOn = next.role === "assistant" && last.role === "assistant" && !last.tool_calls;
  return goesOn ? joinedAssistants(last, next) : undefined;
}

const BETWEEN: ChatCompletionMessageParam = { role: "assistant", content: "I have read the results." };
const FIRST: ChatCompletionMessageParam = { role: "user", content: "Continue." };

function isSystem(role: ChatCompletionMessageParam["role"]): boolean {
  return role === "system" || role === "developer";
}

function asUser({ content }: ChatCompletionMessageParam): ChatCompletionUserMessageParam {
  const text = typeof content === "string" ? content : "";
  return { role: "user", content: `<system-update>\n${text}\n</system-update>` };
}

function joinedUsers(
  a: ChatCompletionUserMessageParam,
  b: ChatCompletionUserMessageParam,
): ChatCompletionUserMessageParam {
  if (typeof a.content === "string" && typeof b.content === "string") {
    return { role: "user", content: `${a.content}\n\n${b.content}` };
  }
  return { role: "user", content: [...parts(a.content), ...parts(b.content)] };
}

function parts(content: ChatCompletionUserMessageParam["content"]): ChatCompletionContentPart[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

/** An answer that was cut and its continuation: to the server they are one message. */
function joinedAssistants(
  a: ChatCompletionAssistantMessageParam,
  b: ChatCompletionAssistantMessageParam,
): ChatCompletionAssistantMessageParam {
  const content = [a.content, b.content].filter((text) => text !== "").join("\n\n");
  return { ...a, ...b, content };
}
