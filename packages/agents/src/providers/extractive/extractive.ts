/** `local/extractive`: a model that quotes the user's own files. It is no language model and says so. */

import type { Clock } from "@orch/core";
import { systemClock } from "@orch/core/doors";
import { abortedFailure } from "../../model/aborted-failure.ts";
import type { AssistantMessage, AssistantPart, Origin } from "../../words/message.ts";
import type {
  FinishReason,
  Model,
  ModelCaps,
  ModelEvent,
  ModelFailure,
  ModelRequest,
  Usage,
} from "../../words/model.ts";
import { missingTool } from "../provider-tool-support.ts";
import { type Answer, answerTo } from "./answer.ts";
import { openCorpus } from "./corpus.ts";
import { withinLimits } from "./text-limits.ts";

/** How the quoting model is set up. */
export interface ExtractiveOptions {
  /** The folder whose files may be quoted. */
  readonly root: string;
  /** Files and folders in it, relative to it. Default: all its text files, those written for reading first. */
  readonly paths?: readonly string[];
  /** Larger files are left out. In bytes, default 1 MiB. */
  readonly maxFileBytes?: number;
  /** Says when the files are looked at again: at most once a second. Default the machine's. */
  readonly clock?: Clock;
  /**
   * What happens to a required field of structured output that no quote speaks for: `defaults` gives
   * it the least value of its schema and a warning, `strict` refuses. Default `defaults`.
   */
  readonly fill?: "defaults" | "strict";
}

const ID: Origin = { provider: "local", api: "extractive", model: "extractive" };

const CAPS: ModelCaps = {
  generative: false,
  tools: true,
  parallelTools: false,
  output: "native",
  outputWithTools: true,
  images: false,
  files: false,
  reasoning: false,
};

/**
 * Makes the model that works without a key and a network: it finds sentences that fit a question in
 * the user's files, in the results of tools and in `path:line: text` material of the message, and
 * quotes them with their places. Equal input and equal files give equal bytes.
 *
 * @example
 * ```ts
 * const model = extractive({ root: ".", paths: ["README.md", "docs"] });
 * ```
 */
export function extractive(options: ExtractiveOptions): Model {
  const { clock = systemClock, fill = "defaults", ...files } = options;
  const corpus = openCorpus(files, clock);
  return {
    id: ID,
    caps: CAPS,
    stream: async function* (request) {
      const known = request.tools?.find(({ provider }) => provider !== undefined)?.provider;
      if (known !== undefined) throw missingTool(known.type, ID.provider);
      yield { type: "start", model: ID.model };
      if (request.signal.aborted) return yield finish(request, [], "aborted");
      let answer: Answer;
      try {
        answer = await answerTo(request, corpus, fill);
      } catch (error) {
        return yield finish(request, [], "error", [], failureOf(error));
      }
      if (request.signal.aborted) return yield finish(request, [], "aborted");
      if (answer.part.type === "tool-call") yield* callEvents(request, answer.part);
      else yield* textEvents(request, answer);
    },
  };
}

function* callEvents(
  request: ModelRequest,
  part: Extract<AssistantPart, { type: "tool-call" }>,
): Generator<ModelEvent> {
  const { id, name, rawInput } = part;
  yield { type: "tool-input", index: 0, id, name, delta: rawInput };
  if (request.signal.aborted) return yield finish(request, [], "aborted");
  yield { type: "part", index: 0, part };
  yield request.signal.aborted ? finish(request, [], "aborted") : finish(request, [part], "tool-calls");
}

function* textEvents(request: ModelRequest, answer: Answer): Generator<ModelEvent> {
  const { part, warnings } = answer;
  if (part.type === "refusal") {
    yield { type: "part", index: 0, part };
    return yield finish(request, [part], "refusal", warnings);
  }
  if (part.type !== "text") return yield finish(request, [part], "other", warnings);
  const { text, cut } = withinLimits(part.text, request);
  let said = "";
  for (const word of text.match(/\s*\S+|\s+$/g) ?? []) {
    if (request.signal.aborted) break;
    said += word;
    yield { type: "text", index: 0, delta: word };
  }
  if (request.signal.aborted) {
    return yield finish(request, said === "" ? [] : [{ type: "text", text: said }], "aborted", warnings);
  }
  const whole: AssistantPart = text === part.text ? part : { type: "text", text };
  yield { type: "part", index: 0, part: whole };
  yield finish(request, [whole], cut ? "length" : "stop", warnings);
}

function finish(
  request: ModelRequest,
  content: readonly AssistantPart[],
  reason: FinishReason,
  warnings: readonly string[] = [],
  error = reason === "aborted" ? abortedFailure(ID.provider) : undefined,
): ModelEvent {
  const message: AssistantMessage = {
    role: "assistant",
    content,
    origin: ID,
    finish: { reason, ...(error === undefined ? {} : { error }) },
  };
  const usage: Usage = { input: tokensOf(request.messages), output: tokensOf(content), estimated: true };
  return { type: "finish", message, usage, ...(warnings.length === 0 ? {} : { warnings }) };
}

/** About four characters to a token, as a rule of thumb for English. */
function tokensOf(value: readonly unknown[]): number {
  return value.length === 0 ? 0 : Math.ceil(JSON.stringify(value).length / 4);
}

function failureOf(error: unknown): ModelFailure {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: "not-found", message, retryable: false };
}
