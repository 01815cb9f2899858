/** Whether a provider takes back what it said about its thinking. */
import type { Json } from "@orch/core";
import type { Opaque, Origin, ReasoningPart } from "../words/message.ts";

/**
 * Whether reasoning can go back to the provider that wrote it. Some gateways give an item with nothing but an id, or a
 * signature that is empty; a stateless request with such a part is refused, and so is each later one.
 */
export function canGoBack({ opaque }: ReasoningPart, { api }: Pick<Origin, "api">): boolean {
  if (opaque === undefined) return false;
  switch (api) {
    case "responses":
      return isFull(opaque["encrypted_content"]);
    case "messages":
      return isFull(opaque["signature"]) || isFull(opaque["data"]);
    case "ai-sdk":
      return Object.values(fieldsOf(opaque["metadata"])).every((one) => isWholeMetadata(fieldsOf(one)));
    default:
      return true;
  }
}

/** OpenAI's item has an id and its encrypted content, Anthropic's block a signature; other providers have other fields. */
function isWholeMetadata(fields: Opaque): boolean {
  if ("itemId" in fields && !isFull(fields["reasoningEncryptedContent"])) return false;
  return !("signature" in fields) || isFull(fields["signature"]);
}

function fieldsOf(value: Json | undefined): Opaque {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Opaque) : {};
}

function isFull(value: Json | undefined): boolean {
  return typeof value === "string" && value !== "";
}
