import type { UIMessage } from "ai";

/** A part that is a question, or a call of a tool. */
interface CallPart {
  readonly type: string;
  readonly state?: string;
  readonly providerExecuted?: boolean;
}

/**
 * Whether the last message has answers that the server does not know yet, and no question without one: for `sendAutomaticallyWhen` of
 * `useChat`, so that the run goes on by itself after the last answer.
 */
export function answersAreComplete({ messages }: { readonly messages: readonly UIMessage[] }): boolean {
  const last = messages.at(-1);
  if (last?.role !== "assistant") return false;
  // What comes after the last step is what the server told last.
  const step = last.parts.findLastIndex(({ type }) => type === "step-start");
  return last.parts.slice(step + 1).some(isNew) && !last.parts.some(isOpen);
}

function isOpen({ state, providerExecuted }: CallPart): boolean {
  return state === "approval-requested" || (state === "input-available" && !providerExecuted);
}

function isNew({ state, providerExecuted }: CallPart): boolean {
  return state === "approval-responded" || (state === "output-available" && !providerExecuted);
}
