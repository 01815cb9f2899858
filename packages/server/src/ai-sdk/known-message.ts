/** Reads from a message that a client hands back how far it was told. It is text from outside: what does not fit is left out, and it decides about nothing but what this client is sent. */
import type { Json } from "@orch/core";
import { fieldsOf, textIn } from "../reply/fields.ts";
import { questionKind } from "../reply/question-kind.ts";
import type { RailState } from "../reply/rail-state.ts";
import type { KnownQuestion } from "./call-parts.ts";
import type { KnownMessage } from "./message-translation.ts";
import type { KnownText } from "./spoken-parts.ts";

/** Reads what the client has of a message. */
export function knownMessage(metadata: unknown, parts: readonly unknown[]): KnownMessage {
  const after = textIn(metadata, "after");
  const cut = new Set(
    parts.filter((part) => textIn(part, "type") === "data-cut").map((part) => pathOf(fieldsOf(part)["data"])),
  );
  return {
    ...(after !== undefined && { after }),
    states: parts.flatMap(stateOf),
    texts: parts.flatMap(textOf).filter(({ path }) => !cut.has(path)),
    questions: parts.flatMap(questionOf),
  };
}

function stateOf(part: unknown): RailState[] {
  const { type, data } = fieldsOf(part);
  return type === "data-state" && isRailState(data) ? [data] : [];
}

function isRailState(data: unknown): data is RailState {
  const { startedAt, branches } = fieldsOf(data);
  const hasTexts = ["path", "state", "kind", "status"].every((name) => textIn(data, name) !== undefined);
  const counts = fieldsOf(branches);
  const hasCounts = ["total", "ended", "failed"].every((name) => typeof counts[name] === "number");
  return hasTexts && typeof startedAt === "number" && (branches === undefined || hasCounts);
}

function textOf(part: unknown): KnownText[] {
  const { type, text, providerMetadata } = fieldsOf(part);
  const orch = fieldsOf(fieldsOf(providerMetadata)["orch"]);
  const path = textIn(orch, "path");
  if (type !== "text" || typeof text !== "string" || path === undefined || orch["cut"] === true) return [];
  return [{ path, text }];
}

function questionOf(part: unknown): KnownQuestion[] {
  const { type, toolCallId, toolName, input, approval, toolMetadata } = fieldsOf(part);
  const path = pathOf(fieldsOf(toolMetadata)["orch"]);
  if (type !== "dynamic-tool" || typeof toolCallId !== "string" || typeof toolName !== "string") return [];
  const isApproval = textIn(approval, "id") === toolCallId;
  // A call without an approval is no question, unless the client is the one that runs it.
  if (!isApproval && fieldsOf(part)["providerExecuted"] === true) return [];
  const asked = questionKind({
    question: toolCallId,
    path,
    prompt: { tool: toolName, input: input as Json },
  });
  const kind = isApproval ? (asked.type === "call" ? "call" : "yes-or-no") : "form";
  return [{ question: toolCallId, path, tool: toolName, kind }];
}

function pathOf(value: unknown): string {
  return textIn(value, "path") ?? "";
}
