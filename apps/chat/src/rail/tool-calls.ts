/** The tool calls of a run, from the events of its agents: those under way, and each one that ends, exactly once. */
import type {
  AgentEvent,
  AssistantMessage,
  AssistantPart,
  FilePart,
  Message,
  ModelEvent,
  ProviderCallPart,
  ToolResultPart,
} from "@orch/agents";
import type { SafeText } from "../terminal/safe-text.ts";
import { callLabel } from "./call-label.ts";

/** A tool call that has no result yet. */
export interface OpenCall {
  /** The activation whose agent makes it. */
  readonly path: string;
  /** Name and arguments in short. */
  readonly label: SafeText;
  /** How many agents that are tools are around it. */
  readonly depth: number;
  readonly waiting: boolean;
  /** Milliseconds since the epoch; absent while it has not begun. */
  readonly startedAt?: number;
}

/** A tool call that has ended: one row of the transcript. */
export interface EndedCall {
  readonly label: SafeText;
  readonly depth: number;
  /** `skipped` was denied by a person or a policy, or stopped with its run. */
  readonly status: "done" | "failed" | "skipped";
  /** What the model was told: the output, or what went wrong. */
  readonly result: string;
  /** In milliseconds; absent for a call that never began. */
  readonly duration?: number;
}

/** What the provider does itself: a call begins there, or one is over, or a file is there. */
type ProviderEvent =
  | Extract<ModelEvent, { readonly type: "provider-call" }>
  | { readonly type: "part"; readonly part: ProviderCallPart | FilePart };

/** What an agent does with its tools, and its provider with its own. */
export type CallEvent =
  | Extract<AgentEvent, { readonly type: `tool.${string}` | "agent.message" }>
  | { readonly type: "agent.model"; readonly event: ProviderEvent };

/** A call event, and the calls that lead to the inner agent that tells it. */
export interface HeardCallEvent {
  readonly event: CallEvent;
  /** Like `call_1/call_4`; empty for an agent that is no tool. */
  readonly inner: string;
}

/** Reads what an agent says about its tool calls; `undefined` for everything else it does. */
export function callEventOf(event: AgentEvent): HeardCallEvent | undefined {
  let [at, inner] = [event, ""];
  while (at.type === "agent.nested") {
    inner = inner === "" ? at.path : `${inner}/${at.path}`;
    at = at.event;
  }
  return isCallEvent(at) ? { event: at, inner } : undefined;
}

function isCallEvent(event: AgentEvent): event is AgentEvent & CallEvent {
  if (event.type === "agent.model") return isProviderEvent(event.event);
  return event.type === "agent.message" || event.type.startsWith("tool.");
}

function isProviderEvent(event: ModelEvent): event is ModelEvent & ProviderEvent {
  return event.type === "provider-call" || (event.type === "part" && isMade(event.part));
}

/** Whether the provider made it by a tool of its own. */
function isMade(part: AssistantPart): part is ProviderCallPart | FilePart {
  return part.type === "provider-call" || part.type === "file";
}

/** Follows the tool calls of a run. */
export class ToolCalls {
  readonly #open = new Map<string, OpenCall>();
  /** What the provider made in messages that are not whole yet, and that was told when it was made. */
  readonly #told = new Set<string>();

  /** The calls that have no result yet, in the order in which they were made. */
  get open(): Iterable<OpenCall> {
    return this.#open.values();
  }

  /** Takes what an agent of the activation at `path` said at `time`. Gives the calls that ended with it. */
  take({ event, inner }: HeardCallEvent, path: string, time: number): readonly EndedCall[] {
    const depth = inner === "" ? 0 : inner.split("/").length;
    const keyOf = (id: string): string => `${path} ${inner} ${id}`;
    switch (event.type) {
      case "agent.message":
        return this.#message(event.message, path, depth, keyOf);
      case "agent.model":
        return this.#atProvider(event.event, path, depth, keyOf, time);
      case "tool.started":
        return this.#change(keyOf(event.id), { waiting: false, startedAt: time });
      case "tool.approval":
      case "tool.question":
        return this.#change(keyOf(event.id), { waiting: event.status === "asked" });
      case "tool.deferred":
        return this.#change(keyOf(event.id), { waiting: true });
      case "tool.progress":
        return [];
      case "tool.completed": {
        const call = this.#open.get(keyOf(event.id));
        this.#open.delete(keyOf(event.id));
        // It ran before, in an earlier try of this run, and its row was shown then.
        if (event.replayed === true) return [];
        const began = call?.startedAt !== undefined;
        const label = call?.label ?? callLabel(event.name, undefined);
        return [ended({ label, depth }, event.result, began ? event.duration : undefined)];
      }
    }
  }

  /** Ends the calls of an activation and of everything in it: those that had begun were stopped with it. */
  end(path: string, time: number): readonly EndedCall[] {
    const stopped: EndedCall[] = [];
    for (const [key, { path: at, label, depth, startedAt }] of this.#open) {
      if (at !== path && !at.startsWith(`${path}/`) && !at.startsWith(`${path}[`)) continue;
      this.#open.delete(key);
      if (startedAt === undefined) continue;
      stopped.push({ label, depth, status: "skipped", result: "stopped", duration: time - startedAt });
    }
    return stopped;
  }

  /** The model's message tells the calls with their arguments, also those that no tool will ever see. */
  #message(
    message: Message,
    path: string,
    depth: number,
    keyOf: (id: string) => string,
  ): readonly EndedCall[] {
    const ran: EndedCall[] = [];
    if (message.role === "assistant") {
      for (const part of message.content) {
        if (isMade(part) && !this.#told.delete(keyOf(idOf(part)))) ran.push(made(part, depth));
        if (part.type !== "tool-call") continue;
        const { id, name, input, rawInput } = part;
        // A later message may use an id again.
        this.#open.delete(keyOf(id));
        this.#open.set(keyOf(id), { path, label: callLabel(name, input ?? rawInput), depth, waiting: false });
      }
    }
    if (message.role !== "tool") return ran;
    // What has a result and did not complete is the answer itself, given by a call, or a call beside it.
    return message.content.flatMap((result) => {
      const call = this.#open.get(keyOf(result.id));
      this.#open.delete(keyOf(result.id));
      return call === undefined || result.isError !== true ? [] : [ended(call, result)];
    });
  }

  /** What the provider did is told as it comes, before the text that follows; a message that was kept tells it as a whole. */
  #atProvider(
    event: ProviderEvent,
    path: string,
    depth: number,
    keyOf: (id: string) => string,
    time: number,
  ): readonly EndedCall[] {
    if (event.type === "provider-call") {
      const label = callLabel(event.name, undefined);
      this.#open.set(keyOf(event.id), { path, label, depth, waiting: false, startedAt: time });
      return [];
    }
    const key = keyOf(idOf(event.part));
    const startedAt = this.#open.get(key)?.startedAt;
    this.#open.delete(key);
    this.#told.add(key);
    return [made(event.part, depth, startedAt === undefined ? undefined : time - startedAt)];
  }

  #change(key: string, change: Partial<OpenCall>): readonly EndedCall[] {
    const call = this.#open.get(key);
    if (call !== undefined) this.#open.set(key, { ...call, ...change });
    return [];
  }
}

/** The calls of a stored conversation, each with its result. */
export function storedCalls(messages: readonly Message[]): ReadonlyMap<Message, readonly EndedCall[]> {
  const calls = new ToolCalls();
  const rows = new Map<Message, readonly EndedCall[]>();
  for (const message of messages) {
    if (message.role === "assistant") {
      const ran = calls.take(heard({ type: "agent.message", message, ...NOBODY }), "", 0);
      if (ran.length > 0) rows.set(message, ran);
    }
    if (message.role !== "tool") continue;
    const ends = message.content.flatMap((result) => {
      const { id, name } = result;
      return calls.take(heard({ type: "tool.completed", id, name, result, duration: 0, ...NOBODY }), "", 0);
    });
    rows.set(message, ends);
  }
  return rows;
}

/** The last call that ended in turns that are kept. */
export function lastStoredCall(
  turns: readonly { readonly messages: readonly Message[] }[],
): EndedCall | undefined {
  for (const { messages } of turns.toReversed()) {
    const last = [...storedCalls(messages).values()].flat().at(-1);
    if (last !== undefined) return last;
  }
  return undefined;
}

/** A stored conversation does not say which agent spoke. */
const NOBODY = { agent: "", turn: 0 } as const;

function heard(event: CallEvent): HeardCallEvent {
  return { event, inner: "" };
}

/** Names what the provider made; a file has no id. */
function idOf(part: ProviderCallPart | FilePart): string {
  return part.type === "file" ? `${part.mediaType} ${part.data ?? part.url ?? part.stored?.id}` : part.id;
}

/** A call that the provider made and answered itself, or a file. Only who hears it run knows its time. */
function made(part: ProviderCallPart | FilePart, depth: number, duration?: number): EndedCall {
  if (part.type === "file") return madeFile(part, depth);
  const { name, input, output = "" } = part;
  const label = callLabel(name, withoutType(input));
  const said = { status: providerCallEnd(part), result: output };
  return { label, depth, ...said, ...(duration !== undefined && { duration }) };
}

/** OpenAI's searches say of what kind they are, beside an argument that shows it. */
function withoutType(input: unknown): unknown {
  if (typeof input !== "object" || input === null || !("type" in input)) return input;
  const { type: _, ...rest } = input;
  return Object.keys(rest).length === 0 ? input : rest;
}

/** How many of the rows of a message stand above its text: what the provider made before it wrote. */
export function rowsBeforeText({ content }: AssistantMessage): number {
  const text = content.findIndex((part) => part.type === "text" && part.text.trim() !== "");
  return content.slice(0, Math.max(0, text)).filter(isMade).length;
}

/** A picture or another file that the model made. It is kept with the conversation, and an export holds it. */
function madeFile({ mediaType, name, data, url, stored }: FilePart, depth: number): EndedCall {
  // Four characters of base64 are three bytes.
  const kept = stored === undefined ? "" : `kept at ${stored.provider}`;
  const size = data === undefined ? (url ?? kept) : `${Math.ceil((data.length * 3) / 4 / 1024)} kB`;
  const label = callLabel("file", name ?? stored?.id ?? mediaType);
  return { label, depth, status: "done", result: `${mediaType}, ${size}` };
}

/** How a call ended that the provider made itself; one that still ran when its message ended is told with the next. */
export function providerCallEnd({ status }: ProviderCallPart): EndedCall["status"] {
  return status === "running" ? "skipped" : status;
}

function ended(
  { label, depth }: Pick<OpenCall, "label" | "depth">,
  result: ToolResultPart,
  duration?: number,
): EndedCall {
  const said = { status: callEnd(result), result: resultText(result) };
  return { label, depth, ...said, ...(duration !== undefined && { duration }) };
}

/** How a call ended, by what the model was told. */
export function callEnd({ isError, denied }: ToolResultPart): EndedCall["status"] {
  return denied === true ? "skipped" : isError === true ? "failed" : "done";
}

/** The text of a result; files are named. */
export function resultText({ output }: ToolResultPart): string {
  return typeof output === "string" ? output : output.map(partText).join("\n");
}

function partText(part: Exclude<ToolResultPart["output"], string>[number]): string {
  return part.type === "text" ? part.text : `[${part.name ?? part.mediaType}]`;
}
