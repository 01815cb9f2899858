/** Decides whether a tool is called. An argument is taken from the request or the call is not made. */

import type { Json } from "@orch/core";
import { parseJson } from "@orch/core";
import { cutText } from "../../platform/cut-text.ts";
import { rawWords, stemOf, stemsOf } from "../../tools/files/words.ts";
import type { JsonSchema, ModelRequest, ToolSpec } from "../../words/model.ts";
import { explicitArguments, extractArguments } from "./arguments.ts";
import type { Turn } from "./material.ts";

/** What to do about tools. */
export type ToolChoice =
  | { readonly kind: "call"; readonly name: string; readonly input: { readonly [key: string]: Json } }
  /** The user named a tool and it cannot be called: say why. */
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "none" };

const NONE: ToolChoice = { kind: "none" };

/** Words that stand in the descriptions of most tools. */
const GENERIC: ReadonlySet<string> = new Set(
  ["given", "gives", "returns", "tool", "transfer", "best", "fit", "call", "value"].map(stemOf),
);

/** Chooses the tool that the turn asks for, if there is exactly one that fits best and it can be called. */
export function chooseTool(request: ModelRequest, turn: Turn): ToolChoice {
  const { tools = [], toolChoice = "auto" } = request;
  const called = new Set(turn.results.map((result) => result.name));
  const explicit = called.size === 0 ? chooseExplicit(tools, turn.request) : NONE;
  if (toolChoice === "none" || explicit.kind === "say") return toolChoice === "none" ? NONE : explicit;
  if (explicit.kind === "call") return explicit;

  const text = turn.question === "" ? cutText(turn.request, 2000) : turn.question;
  const named =
    typeof toolChoice === "object" ? tools.filter((tool) => tool.name === toolChoice.name) : undefined;
  const open = (named ?? tools).filter((tool) => !called.has(tool.name));
  // Words that an earlier call of this turn has served are not searched again.
  const spent = tools.filter((tool) => called.has(tool.name)).flatMap((tool) => [...stemsOfTool(tool)]);
  const asked = new Set(stemsOf(text).filter((stem) => !spent.includes(stem)));
  const least = toolChoice === "auto" || called.size > 0 ? 1 : 0;
  const callable = open.flatMap((tool) => {
    const score = scoreOf(tool, asked);
    const input = score >= least ? extractArguments(tool.schema, text) : undefined;
    return input === undefined ? [] : [{ tool, score, input }];
  });
  callable.sort((a, b) => b.score - a.score);
  const [first, second] = callable;
  if (first === undefined) return NONE;
  if (second?.score === first.score && toolChoice !== "required") {
    const best = callable.filter(({ score }) => score === first.score);
    const next = firstNamed(best, text);
    return next === undefined ? NONE : { kind: "call", name: next.tool.name, input: next.input };
  }
  return { kind: "call", name: first.tool.name, input: first.input };
}

/** Of tools that fit equally well: the one named first, if the request names each by a word of its own. */
function firstNamed<T extends { readonly tool: ToolSpec }>(best: readonly T[], text: string): T | undefined {
  const asked = stemsOf(text);
  const places = best.map(({ tool }) => {
    const others = best.filter((one) => one.tool !== tool).flatMap((one) => [...stemsOfTool(one.tool)]);
    const own = rawWords(tool.name)
      .map(stemOf)
      .filter((stem) => !others.includes(stem));
    return asked.findIndex((stem) => own.includes(stem));
  });
  return places.includes(-1) ? undefined : best[places.indexOf(Math.min(...places))];
}

function stemsOfTool(tool: ToolSpec): ReadonlySet<string> {
  return new Set(stemsOf(`${tool.name} ${tool.description}`));
}

/** Counts shared words. A word in the tool's name counts twice. */
function scoreOf(tool: ToolSpec, asked: ReadonlySet<string>): number {
  const name = new Set(rawWords(tool.name).map(stemOf));
  let score = 0;
  for (const stem of new Set([...name, ...stemsOfTool(tool)])) {
    if (asked.has(stem) && !GENERIC.has(stem)) score += name.has(stem) ? 2 : 1;
  }
  return score;
}

/** `/tool key=value`, `/tool {"key": "value"}`, or `/tool text` for a tool that needs one text. */
function chooseExplicit(tools: readonly ToolSpec[], request: string): ToolChoice {
  const [, name, rest = ""] = /^\s*\/([A-Za-z][\w-]*)(?:[ \t]+([\s\S]*))?$/.exec(request) ?? [];
  if (name === undefined) return NONE;
  const tool = tools.find((one) => one.name === name);
  if (tool === undefined) {
    const known = tools.map((one) => `/${one.name}`).join(", ");
    return {
      kind: "say",
      text: `There is no tool "${name}". ${known === "" ? "No tools are offered." : `There are: ${known}.`}`,
    };
  }
  const input = rest.trimStart().startsWith("{")
    ? objectIn(rest)
    : explicitArguments(tool.schema, rest.trim());
  const missing =
    input === undefined ? [] : requiredOf(tool.schema).filter((key) => !Object.hasOwn(input, key));
  if (input === undefined) return { kind: "say", text: `The arguments of /${name} are not a JSON object.` };
  if (missing.length > 0)
    return { kind: "say", text: `/${name} needs ${missing.map((key) => `${key}=...`).join(" ")}` };
  return { kind: "call", name, input };
}

function requiredOf(schema: JsonSchema): readonly string[] {
  const required = schema["required"];
  return Array.isArray(required) ? required.filter((key) => typeof key === "string") : [];
}

function objectIn(text: string): { readonly [key: string]: Json } | undefined {
  try {
    const value = parseJson(text);
    if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
    return value as { readonly [key: string]: Json };
  } catch {
    return undefined;
  }
}
