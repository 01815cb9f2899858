import type {
  AssistantMessage,
  AssistantPart,
  FinishReason,
  Model,
  ModelCaps,
  ModelEvent,
  ModelFailure,
  ModelRequest,
  Origin,
  Usage,
} from "@orch/agents";
import { type Json, parseJson } from "@orch/core";
import { loadFirst } from "../clock/first-load.ts";
import { ScriptEndedError } from "../errors/script-ended-error.ts";
import { runFirst } from "./first-runs.ts";

/** A tool call in a script. Without an `id` it gets `call_<n>`, counted over the model's life. */
export interface ScriptedCall {
  readonly name: string;
  /** The arguments; a string stands as it is, so that a script can hold broken JSON. */
  readonly input?: Json;
  readonly id?: string;
}

/** One reply. Its parts come in this order: reasoning, text, value, refusal, calls. */
export interface ScriptedReply {
  readonly reasoning?: string;
  readonly text?: string;
  /** A structured answer, written as JSON text. */
  readonly value?: Json;
  readonly refusal?: string;
  readonly calls?: readonly ScriptedCall[];
  /** Default: `tool-calls` with calls, `error` with a failure, else `stop`. */
  readonly finish?: FinishReason;
  readonly failure?: Partial<ModelFailure>;
  /** Default: 10 in, 5 out. */
  readonly usage?: Usage;
  /** Never answers; ends when the request's signal aborts, with what came before. */
  readonly stall?: true;
}

/** A reply as an object, or its text alone. */
export type ScriptStep = string | ScriptedReply;

/** Replies in order, or a function of the request and the number of the call, from 0. */
export type Script =
  | readonly ScriptStep[]
  | ((request: ModelRequest, call: number) => ScriptStep | Promise<ScriptStep>);

/** A model that plays a script, and remembers what it was asked. */
export interface ScriptedModel extends Model {
  /** Every request, oldest first; their messages are copies. */
  readonly requests: readonly ModelRequest[];
}

const CAPS: ModelCaps = {
  generative: true,
  tools: true,
  parallelTools: true,
  output: "native",
  outputWithTools: true,
  images: true,
  files: true,
  reasoning: true,
};

/**
 * Makes a model that plays a script, without a network.
 *
 * @example
 * ```ts
 * const model = scriptedModel([{ calls: [{ name: "weather", input: { city: "Brno" } }] }, "It rains."]);
 * ```
 * @throws ScriptEndedError (`ORCH_SCRIPT_ENDED`), from `stream`, when it is called more often than the script is long.
 */
export function scriptedModel(
  script: Script,
  options: { readonly id?: Partial<Origin>; readonly caps?: Partial<ModelCaps> } = {},
): ScriptedModel {
  const id: Origin = { provider: "test", api: "script", model: "scripted", ...options.id };
  const requests: ModelRequest[] = [];
  const ids = { next: 1 };
  loadFirst(() => runFirst((replies) => scriptedModel(replies)).catch(() => {}));
  return {
    id,
    caps: { ...CAPS, ...options.caps },
    requests,
    stream: async function* (request): AsyncGenerator<ModelEvent> {
      const call = requests.push({ ...request, messages: [...request.messages] }) - 1;
      const step = typeof script === "function" ? await script(request, call) : script[call];
      if (step === undefined) throw new ScriptEndedError({ model: id.model, calls: call });
      yield* play(typeof step === "string" ? { text: step } : step, request, id, ids);
    },
  };
}

async function* play(
  reply: ScriptedReply,
  request: ModelRequest,
  origin: Origin,
  ids: { next: number },
): AsyncGenerator<ModelEvent> {
  yield { type: "start", model: origin.model };
  if (request.signal.aborted) return yield finished([], { reason: "aborted", error: ABORTED }, reply, origin);
  const content = partsOf(reply, ids);
  for (const [index, part] of content.entries()) {
    yield* deltasOf(part, index);
    yield { type: "part", index, part };
  }
  if (reply.stall) await aborted(request.signal);
  yield finished(content, finishOf(reply), reply, origin);
}

function finished(
  content: readonly AssistantPart[],
  finish: AssistantMessage["finish"],
  { usage = { input: 10, output: 5 } }: ScriptedReply,
  origin: Origin,
): ModelEvent {
  return { type: "finish", message: { role: "assistant", content, origin, finish }, usage };
}

const ABORTED: ModelFailure = { kind: "aborted", message: "The call was cancelled.", retryable: false };

function partsOf(reply: ScriptedReply, ids: { next: number }): AssistantPart[] {
  const parts: AssistantPart[] = [];
  const whole = ["tool-calls", "stop"].includes(finishOf(reply).reason);
  if (reply.reasoning !== undefined) parts.push({ type: "reasoning", text: reply.reasoning });
  if (reply.text !== undefined) parts.push({ type: "text", text: reply.text });
  if (reply.value !== undefined) parts.push({ type: "text", text: JSON.stringify(reply.value) });
  if (reply.refusal !== undefined) parts.push({ type: "refusal", text: reply.refusal });
  for (const { name, input = {}, id = `call_${ids.next++}` } of reply.calls ?? []) {
    const rawInput = typeof input === "string" ? input : JSON.stringify(input);
    const read = typeof input === "string" ? readInput(input) : { input };
    parts.push({ type: "tool-call", id, name, rawInput, ...(whole ? read : CUT) });
  }
  return parts;
}

/** A call of a message that did not come to its end does not run. */
const CUT = { invalid: "The answer was cut off before its end, so this call is not run." };

function readInput(text: string): { readonly input: Json } | { readonly invalid: string } {
  if (text.trim() === "") return { input: {} };
  try {
    return { input: parseJson(text) };
  } catch {
    return { invalid: "The arguments cannot be read: the text is not JSON." };
  }
}

function* deltasOf(part: AssistantPart, index: number): Generator<ModelEvent> {
  if (part.type === "tool-call") {
    yield { type: "tool-input", index, id: part.id, name: part.name, delta: part.rawInput };
  } else if (part.type === "text" || part.type === "reasoning") {
    for (const delta of part.text.match(/\s*\S+\s*$|\s*\S+/g) ?? []) yield { type: part.type, index, delta };
  }
}

function finishOf({ stall, failure, finish, calls, refusal }: ScriptedReply): AssistantMessage["finish"] {
  if (stall) return { reason: "aborted", error: ABORTED };
  const whole = calls?.length ? "tool-calls" : refusal === undefined ? "stop" : "refusal";
  const error: ModelFailure = { kind: "server", message: "The script failed.", retryable: true, ...failure };
  return failure === undefined ? { reason: finish ?? whole } : { reason: finish ?? "error", error };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
