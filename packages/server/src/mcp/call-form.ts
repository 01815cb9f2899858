/** In which form a client is told what its run came to: as the result of a tool, or as a prompt. */
import { isObject } from "../reply/json-object.ts";
import { RPC_CODE, type RpcFault } from "../reply/json-rpc.ts";
import { outputText } from "../reply/output-text.ts";
import type { ReplyEnd } from "../reply/reply-piece.ts";
import type { PublicOrchestration } from "../words/public-run.ts";
import type { McpSettings } from "./mcp-settings.ts";
import type { McpMessage } from "./offered-prompt.ts";
import { failedResult, toolResult } from "./tool-result.ts";

/** What a request is answered with. */
export type CallAnswer = { readonly result: object } | { readonly fault: RpcFault };

/** One form. */
export interface CallForm {
  /** What is told of a run that has ended. */
  readonly ended: (end: ReplyEnd) => CallAnswer;
  /** What is told where nobody answered a question. */
  readonly unanswered: (text: string) => CallAnswer;
}

/** The form of an orchestration: a prompt where the application made it one, else a tool. */
export function callForm(offered: PublicOrchestration, { prompts }: Pick<McpSettings, "prompts">): CallForm {
  const prompt = prompts.of(offered.name);
  if (prompt !== undefined) return promptForm(prompt.description ?? offered.description);
  return {
    ended: (end) => ({ result: toolResult(end, offered) }),
    unanswered: (text) => ({ result: failedResult(text) }),
  };
}

/** A prompt has no result that tells of a failure, so it is a fault. */
function promptForm(description: string | undefined): CallForm {
  const fault = (message: string): CallAnswer => ({ fault: { code: RPC_CODE.failed, message } });
  return {
    ended: ({ status, output, error, reason }) => {
      if (status === "completed")
        return { result: promptResult(isMessages(output) ? output : outputText(output), description) };
      if (status === "failed") return fault(error?.message ?? "The run failed.");
      return fault(`The run was stopped: ${reason ?? "cancelled"}.`);
    },
    unanswered: fault,
  };
}

/** A prompt that is written. */
export function promptResult(text: string | readonly unknown[], description: string | undefined): object {
  const messages = typeof text === "string" ? [{ role: "user", content: { type: "text", text } }] : text;
  return { ...(description !== undefined && { description }), messages };
}

function isMessages(value: unknown): value is readonly McpMessage[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(
      (one) =>
        isObject(one) && (one["role"] === "user" || one["role"] === "assistant") && isObject(one["content"]),
    )
  );
}
