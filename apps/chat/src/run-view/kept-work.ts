/**
 * What the agents of a run did, from its journal: agents keep the messages of their models and the results of their tools
 * there, so that a resumed run does not do them again. The events of a run of the past do not tell of them.
 */
import {
  type AssistantMessage,
  type AssistantPart,
  type Message,
  type ToolResultPart,
  textOf,
} from "@orch/agents";
import type { JournalRecord } from "@orch/core/host";
import { callEnd, providerCallEnd, resultText } from "../rail/tool-calls.ts";
import { readJson } from "./read-json.ts";
import type { CallStep } from "./run-record.ts";

/** What was done in one visit of a state. */
export interface KeptWork {
  readonly path: string;
  /** What the models said, one message after the other. */
  readonly text: string;
  readonly calls: readonly CallStep[];
  /** Set where a server told no tokens of a call. */
  readonly isEstimated?: true;
}

type OpenCall = Omit<{ -readonly [TKey in keyof CallStep]: CallStep[TKey] }, "inside"> & {
  readonly inside: CallStep[];
};

interface OpenWork extends KeptWork {
  text: string;
  readonly calls: CallStep[];
  isEstimated?: true;
}

/** A message of a model: whose it is, the places of the calls that lead to it, and its turn. */
const TURN = /^(.*):turn:((?:\d+:\d+\/)*)(\d+)$/s;
/** A result of a tool; its place is the turn and the position of its call. */
const TOOL = /^(.*):tool:((?:\d+:\d+\/)*\d+:\d+):[^:]*$/s;

/** Reads the records of a run. A record of another form tells nothing. */
export function keptWork(records: readonly JournalRecord[]): readonly KeptWork[] {
  const reader = new WorkReader();
  for (const record of records) if (record.type === "once") reader.take(record);
  return [...reader.work.values()];
}

class WorkReader {
  readonly work = new Map<string, OpenWork>();
  readonly #calls = new Map<string, OpenCall>();

  take({ path, at, value = "null", more = "null" }: JournalRecord): void {
    const name = field(readJson(more)?.value, "n");
    if (typeof name !== "string") return;
    const kept = readJson(value)?.value;
    const [, who, around = "", turn] = TURN.exec(name) ?? [];
    const message = turn === undefined ? undefined : messageIn(kept);
    if (message !== undefined) {
      const of = this.#message(message, path, at, { name, place: `${path} ${who} ${around}`, turn: turn! });
      if (isEstimate(kept)) of.isEstimated = true;
      return;
    }
    const [, tool, place] = TOOL.exec(name) ?? [];
    const call = this.#calls.get(`${path} ${tool} ${place}`);
    const result = resultIn(kept);
    if (call === undefined || result === undefined) return;
    const duration = Math.max(0, at - call.time);
    Object.assign(call, { status: callEnd(result), result: resultText(result), duration });
  }

  #message(
    message: AssistantMessage,
    path: string,
    at: number,
    { name, place, turn }: { readonly name: string; readonly place: string; readonly turn: string },
  ): OpenWork {
    const of: OpenWork = this.work.get(path) ?? { path, text: "", calls: [] };
    this.work.set(path, of);
    // The call of the agent that is a tool.
    const outer = this.#calls.get(place.slice(0, -1));
    const said = textOf(message).trim();
    if (outer === undefined && said !== "") of.text += of.text === "" ? said : `\n\n${said}`;
    const parts = message.content.filter(isCall);
    let position = 0;
    for (const [nth, made] of callsIn(message, `kept:${path} ${name}`, at).entries()) {
      // What ran at the provider has no result of ours, and no place among the calls that have one.
      if (parts[nth]?.type === "tool-call") this.#calls.set(`${place}${turn}:${position++}`, made);
      (outer?.inside ?? of.calls).push(made);
    }
    return of;
  }
}

/** The same from the messages of a turn, where there is no journal: all of them are of the agent at `path`. */
export function workOfMessages(messages: readonly Message[], path: string): KeptWork {
  const open = new Map<string, OpenCall>();
  const calls: CallStep[] = [];
  for (const [at, message] of messages.entries()) {
    if (message.role === "assistant") {
      const made = callsIn(message, `kept:${path} ${at}`, 0);
      calls.push(...made);
      for (const [place, part] of message.content.filter(isCall).entries())
        if ("id" in part) open.set(part.id, made[place]!);
    }
    if (message.role !== "tool") continue;
    for (const result of message.content)
      Object.assign(open.get(result.id) ?? {}, { status: callEnd(result), result: resultText(result) });
  }
  return { path, text: "", calls };
}

function isCall({ type }: AssistantPart): boolean {
  return type === "tool-call" || type === "provider-call";
}

function callsIn(message: AssistantMessage, key: string, time: number): readonly OpenCall[] {
  return message.content.flatMap((part, at): OpenCall[] => {
    if (part.type === "provider-call") {
      const { name, input, output = "" } = part;
      const status = providerCallEnd(part);
      return [{ type: "call", key: `${key} ${at}`, time, name, input, status, result: output, inside: [] }];
    }
    if (part.type !== "tool-call") return [];
    const { name, input, rawInput } = part;
    return [
      { type: "call", key: `${key} ${at}`, time, name, input: input ?? rawInput, status: "done", inside: [] },
    ];
  });
}

function messageIn(kept: unknown): AssistantMessage | undefined {
  const message = field(kept, "message") as Message | undefined;
  return message?.role === "assistant" && Array.isArray(message.content) ? message : undefined;
}

/** Whether the tokens of a call, or of shortening the conversation before it, are estimated. */
function isEstimate(kept: unknown): boolean {
  return ["spent", "prepared"].some((what) => field(field(field(kept, what), "usage"), "estimated") === true);
}

function resultIn(kept: unknown): ToolResultPart | undefined {
  const result = field(kept, "result") as ToolResultPart | undefined;
  return typeof result?.output === "string" || Array.isArray(result?.output) ? result : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
