/** One answer of the quoting model: a call, a quote, a filled schema, or a fixed sentence. */
import type { Json } from "@orch/core";
import type { AssistantPart, Message } from "../../words/message.ts";
import type { JsonSchema, ModelRequest } from "../../words/model.ts";
import { failedTools, fixedAnswer, nothingFound, quotedAnswer } from "./answers.ts";
import type { Corpus } from "./corpus.ts";
import { citationOf } from "./evidence.ts";
import { fillSchema } from "./fill.ts";
import { gather } from "./gather.ts";
import { readTurn, type Turn } from "./material.ts";
import { chooseTool } from "./tool-choice.ts";

type JsonObject = { readonly [key: string]: Json };

/** The one part of an assistant message, and what to warn about. */
export interface Answer {
  readonly part: AssistantPart;
  readonly warnings: readonly string[];
}

/** The most quotes of an answer in text. */
const QUOTES = 3;
/** The most quotes that a schema is filled from. */
const FINDINGS = 12;

/** Decides what to say, in this order: a call, the schema, a fixed sentence, quotes. */
export async function answerTo(
  request: ModelRequest,
  corpus: Corpus,
  fill: "defaults" | "strict",
): Promise<Answer> {
  const turn = readTurn(request.messages);
  const choice = chooseTool(request, turn);
  if (choice.kind === "call") return said(callPart(request.messages, choice.name, choice.input));
  if (request.output !== undefined) return filled(request.output.schema, turn, corpus, fill, request.signal);
  if (choice.kind === "say") return text(choice.text);
  const failed = turn.results.filter((result) => result.isError || result.denied);
  if (failed.length > 0 && turn.material.length === 0) return text(failedTools(failed));
  const fixed = turn.results.length === 0 ? fixedAnswer(turn.request, request.tools ?? []) : undefined;
  if (fixed !== undefined) return text(fixed);
  const { evidence, searched, left } = await gather(turn, corpus, QUOTES, request.signal);
  const { part } =
    evidence.length === 0 ? text(nothingFound(turn.question, searched)) : said(quotedAnswer(evidence));
  return { part, warnings: left };
}

async function filled(
  schema: JsonSchema,
  turn: Turn,
  corpus: Corpus,
  fill: "defaults" | "strict",
  signal: AbortSignal,
): Promise<Answer> {
  const { evidence, left } = await gather(turn, corpus, FINDINGS, signal);
  const { value, defaulted } = fillSchema(schema, { question: turn.question, evidence, told: turn.told });
  if (defaulted.length > 0 && fill === "strict") {
    const fields = defaulted.join(", ");
    return said({ type: "refusal", text: `Nothing in the files or the conversation speaks for: ${fields}.` });
  }
  const filledIn = defaulted.length === 0 ? [] : [`fields filled by default: ${defaulted.join(", ")}`];
  const warnings = [...left, ...filledIn];
  const citations = evidence.map(citationOf);
  const shown = {
    type: "text",
    text: JSON.stringify(value),
    ...(citations.length > 0 ? { citations } : {}),
  } as const;
  return { part: shown, warnings };
}

function callPart(messages: readonly Message[], name: string, input: JsonObject): AssistantPart {
  let calls = 0;
  for (const message of messages) {
    if (message.role === "assistant")
      calls += message.content.filter((part) => part.type === "tool-call").length;
  }
  return { type: "tool-call", id: `local_${calls + 1}`, name, rawInput: JSON.stringify(input), input };
}

function said(part: AssistantPart): Answer {
  return { part, warnings: [] };
}

function text(answer: string): Answer {
  return said({ type: "text", text: answer });
}
