/** What the probes found out, in words, and the settings that follow. */
import { type ModelFailure, textOf } from "@orch/agents";
import { broken, type Diagnosis, fine, note } from "./diagnosis.ts";
import type { ProbeName, ProbeResult } from "./probe.ts";
import { thinkingField } from "./thinking-field.ts";

/** A finding with the settings that follow from it, where they are not set already. */
export interface ProbeFinding extends Diagnosis {
  readonly compat?: { readonly [flag: string]: unknown };
  readonly caps?: { readonly [cap: string]: unknown };
}

/** What the model is sent without a probe's own flags. */
export interface ConfiguredModel {
  /** The body of a request that asks for everything, as the settings write it. */
  readonly body: string;
  readonly caps: { readonly images: boolean; readonly output: string };
  /** Whether flags of a server can be set: it speaks Chat Completions. */
  readonly hasFlags: boolean;
}

/** A thought in the request that asks for everything: where it stands in the body, thinking goes back. */
export const THOUGHT = "a thought of the probe";

/** Says what a probe found. */
export function findingOf(name: ProbeName, result: ProbeResult, configured: ConfiguredModel): ProbeFinding {
  return READ[name](result, configured);
}

type Read = (result: ProbeResult, configured: ConfiguredModel) => ProbeFinding;

const READ: { readonly [name in ProbeName]: Read } = {
  text: ({ finish, seen }) => {
    const { reason, error } = finish.message.finish;
    const noEnd = seen.received.includes("[DONE]") && !/"finish_reason":\s*"/.test(seen.received);
    if (reason === "interrupted" && noEnd)
      return {
        ...note("text", "It answers, and never says that an answer is whole: it sends no finish_reason."),
        compat: { finishOptional: true },
      };
    if (error !== undefined) return broken("text", sentence(error), wayOut(error), { kind: error.kind });
    const said = textOf(finish.message).trim();
    if (said === "" && reason !== "length")
      return broken("text", "It answered with nothing.", "Ask its operator.");
    return fine("text", `It answers: ${said.slice(0, 40) || "(cut off)"}`, { reason });
  },
  stream: ({ finish, seen }, { body, hasFlags }) => {
    const asks = body.includes('"include_usage"');
    const { error } = finish.message.finish;
    if (error !== undefined)
      return { ...refused("stream", error), ...(asks && hasFlags && { compat: { usageInStream: false } }) };
    const { usage } = finish;
    const pieces = seen.pieces > 1 || seen.received.split("\n\n").length > 4 ? "in pieces" : "in one piece";
    const facts = { pieces: seen.pieces, usage: usage.estimated !== true };
    if (usage.estimated === true)
      return note(
        "stream",
        `It streams ${pieces}, and tells no tokens: they are estimated.`,
        undefined,
        facts,
      );
    return {
      ...fine(
        "stream",
        `It streams ${pieces}, and tells tokens: ${usage.input} read, ${usage.output} written.`,
        facts,
      ),
      ...(!asks && hasFlags && { compat: { usageInStream: true } }),
    };
  },
  tool: ({ finish }) => {
    const { error } = finish.message.finish;
    if (error !== undefined) return { ...refused("tool", error), caps: { tools: false } };
    const calls = callsIn(finish);
    if (calls.length === 0) return note("tool", "It called no tool, and answered in words.");
    const broken = calls.filter(({ invalid }) => invalid !== undefined);
    if (broken.length > 0)
      return note(
        "tool",
        `It calls tools with arguments that are no JSON: ${broken[0]!.rawInput.slice(0, 40)}`,
      );
    return fine("tool", `It calls tools: ${calls[0]!.name} ${calls[0]!.rawInput.slice(0, 60)}`);
  },
  parallel: ({ finish }, { body, hasFlags }) => {
    const asks = body.includes('"parallel_tool_calls"');
    const { error } = finish.message.finish;
    if (error !== undefined)
      return {
        ...refused("parallel", error),
        ...(asks && hasFlags && { compat: { parallelToolCalls: false } }),
      };
    const count = callsIn(finish).length;
    const flag = !asks && hasFlags ? { compat: { parallelToolCalls: true } } : {};
    if (count > 1)
      return { ...fine("parallel", `It makes ${count} calls at once.`, { calls: count }), ...flag };
    return note("parallel", `It made ${count} of 2 calls at once.`, undefined, { calls: count });
  },
  result: ({ finish }) => {
    const { error } = finish.message.finish;
    if (error !== undefined)
      return broken(
        "result",
        sentence(error),
        "It can call tools, and reads no results: use it without tools.",
      );
    if (textOf(finish.message).trim() === "")
      return note("result", "It read the result of a tool, and said nothing.");
    return fine("result", "It reads the results of tools.");
  },
  structured: ({ finish }, { caps, hasFlags }) => {
    const { error } = finish.message.finish;
    const native = caps.output === "native";
    const off =
      native && hasFlags ? { compat: { jsonSchema: "none" } } : native ? { caps: { output: "tool" } } : {};
    if (error !== undefined) return { ...refused("structured", error), ...off };
    if (!/"number"\s*:\s*-?\d/.test(textOf(finish.message)))
      return { ...note("structured", "It takes a schema for the answer, and does not keep to it."), ...off };
    const on = native ? {} : hasFlags ? { compat: { jsonSchema: "native" } } : { caps: { output: "native" } };
    return { ...fine("structured", "It keeps to a schema for the answer."), ...on };
  },
  picture: ({ finish }, { caps }) => {
    const { error } = finish.message.finish;
    if (error !== undefined)
      return { ...refused("picture", error), ...(caps.images && { caps: { images: false } }) };
    const sees = /\bred\b/i.test(textOf(finish.message));
    if (!sees) return note("picture", "It takes a picture, and did not say what is on it.");
    return { ...fine("picture", "It sees pictures."), ...(!caps.images && { caps: { images: true } }) };
  },
  thinking: ({ finish, seen }, { body, hasFlags }) => {
    const asks = body.includes('"reasoning_effort"');
    const { error } = finish.message.finish;
    if (error !== undefined)
      return {
        ...refused("thinking", error),
        ...(asks && hasFlags && { compat: { reasoningEffort: false } }),
      };
    const field = thinkingField(seen.received);
    const thought = finish.message.content.some(({ type }) => type === "reasoning");
    const flag = !asks && hasFlags && thought ? { compat: { reasoningEffort: true } } : {};
    if (!thought && field === undefined) return note("thinking", "It shows no thinking.");
    const where = field === undefined ? "" : `, in ${field}`;
    return {
      ...fine("thinking", `It shows what it thinks${where}.`, field === undefined ? {} : { field }),
      ...flag,
    };
  },
  replay: ({ finish, seen }, { body, hasFlags }) => {
    const { error } = finish.message.finish;
    if (error !== undefined)
      return {
        ...refused("replay", error),
        ...(hasFlags && body.includes(THOUGHT) && { compat: { replayReasoning: false } }),
      };
    const went = /"(?:reasoning_content|reasoning_details|encrypted_content|signature)"|"reasoning":"/.test(
      seen.sent,
    );
    return went
      ? fine("replay", "It takes its thinking back.")
      : note("replay", "There was no thinking to give back.");
  },
  "wrong name": ({ finish, seen }) => {
    const { error, reason } = finish.message.finish;
    if (error === undefined)
      return note(
        "wrong name",
        `It answers (${reason}) for a model that does not exist: a typing error is not told.`,
      );
    const facts = { kind: error.kind, ...(seen.status !== undefined && { status: seen.status }) };
    if (error.kind === "not-found") return fine("wrong name", "It tells a model that does not exist.", facts);
    return note(
      "wrong name",
      `It tells a model that does not exist as ${error.kind}: ${sentence(error)}`,
      undefined,
      facts,
    );
  },
};

function callsIn({ message }: ProbeResult["finish"]) {
  return message.content.filter((part) => part.type === "tool-call");
}

function refused(about: string, error: ModelFailure): Diagnosis {
  return note(about, `It refuses: ${sentence(error)}`, undefined, { kind: error.kind });
}

function sentence({ message }: ModelFailure): string {
  return /[.!?…]$/.test(message) ? message : `${message}.`;
}

/** Kinds of failures after which no other probe can tell anything. */
const HOPELESS: ReadonlySet<ModelFailure["kind"]> = new Set([
  "auth",
  "quota",
  "not-found",
  "network",
  "timeout",
  "aborted",
  "protocol",
]);

/** Whether the other probes are left out. */
export function endsProbing({ finish }: ProbeResult): boolean {
  const { error } = finish.message.finish;
  return error !== undefined && HOPELESS.has(error.kind);
}

function wayOut({ kind }: ModelFailure): string {
  if (kind === "auth") return "Give the key of this provider.";
  if (kind === "quota") return "Look at the account of this provider.";
  if (kind === "not-found") return "Look at the name of the model and at the address.";
  if (kind === "network" || kind === "timeout") return "Look whether the server runs, and at the address.";
  return "Read what the server says; --debug writes down what was sent.";
}
