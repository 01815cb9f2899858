/** Looks at a message from outside before it is taken for one. */
import type { Json } from "@orch/core";

type Fields = { readonly [key: string]: Json };

/** The parts a message of each role may have. */
const PARTS: { readonly [role: string]: readonly string[] } = {
  system: ["text"],
  user: ["text", "file"],
  assistant: ["text", "reasoning", "refusal", "tool-call", "provider-call", "file"],
  tool: ["tool-result"],
};

/** The texts that each part must have. */
const TEXTS: { readonly [part: string]: readonly string[] } = {
  text: ["text"],
  reasoning: ["text"],
  refusal: ["text"],
  file: ["mediaType"],
  "tool-call": ["id", "name", "rawInput"],
  "provider-call": ["id", "name", "status"],
  "tool-result": ["id", "name"],
};

/** Why a value is not a message, as the end of a sentence; `undefined` if it is one. */
export function messageProblem(value: Json): string | undefined {
  if (!isFields(value)) return "is no object";
  const { role, content, origin, finish } = value;
  const allowed = typeof role === "string" && Object.hasOwn(PARTS, role) ? PARTS[role] : undefined;
  if (allowed === undefined) return "has no known role";
  if (!Array.isArray(content)) return "has no content";
  for (const part of content as readonly Json[]) {
    const problem = partProblem(part, role as string, allowed);
    if (problem !== undefined) return problem;
  }
  return role === "assistant" ? endProblem(origin, finish) : undefined;
}

function partProblem(part: Json, role: string, allowed: readonly string[]): string | undefined {
  const type = isFields(part) ? part["type"] : undefined;
  if (!isFields(part) || typeof type !== "string" || !allowed.includes(type)) {
    return `has a part that a message of the role "${role}" cannot have`;
  }
  const missing = TEXTS[type]?.find((name) => typeof part[name] !== "string");
  if (missing !== undefined) return `has a ${type} part without "${missing}"`;
  const isBare =
    type === "tool-result" && typeof part["output"] !== "string" && !Array.isArray(part["output"]);
  return isBare ? 'has a tool-result part without "output"' : undefined;
}

/** What an assistant's message lacks beside its content. */
function endProblem(origin: Json | undefined, finish: Json | undefined): string | undefined {
  const named =
    isFields(origin) && ["provider", "api", "model"].every((name) => typeof origin[name] === "string");
  if (!named) return "does not say where it is from";
  return isFields(finish) && typeof finish["reason"] === "string" ? undefined : "does not say how it ended";
}

function isFields(value: Json | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
