/** Reads the tool calls of a run, with all that they were given and gave. */
import type { Message, ProviderCallPart } from "@orch/agents";
import { callEnd, type HeardCallEvent, providerCallEnd, resultText } from "../rail/tool-calls.ts";
import type { CallStep, RunStep } from "./run-record.ts";

/** A call that is being read. */
type OpenCallStep = Omit<{ -readonly [TKey in keyof CallStep]: CallStep[TKey] }, "inside"> & {
  readonly inside: RunStep[];
  /** The activation whose agent makes it. */
  readonly path: string;
};

/** Reads calls into the steps of the states that make them. */
export class CallReader {
  readonly #insideOf: (path: string) => RunStep[];
  readonly #open = new Map<string, OpenCallStep>();
  /** Calls of the provider that were told as they ran, in messages that are not whole yet. */
  readonly #told = new Set<string>();
  #count = 0;

  constructor(insideOf: (path: string) => RunStep[]) {
    this.#insideOf = insideOf;
  }

  /** Whether there was any call. */
  get some(): boolean {
    return this.#count > 0;
  }

  /** Takes what an agent of the activation at `path` said at `time`. */
  take({ event, inner }: HeardCallEvent, path: string, time: number): void {
    switch (event.type) {
      case "agent.message":
        this.#message(event.message, path, inner, time);
        return;
      case "agent.model":
        if (event.event.type === "provider-call")
          this.#begin(path, inner, event.event.id, event.event.name, undefined, time);
        else if (event.event.part.type === "provider-call") this.#endRan(event.event.part, path, inner, time);
        return;
      case "tool.started":
        this.#change(path, inner, event.id, { status: "running", time });
        return;
      case "tool.approval":
      case "tool.question":
        this.#change(path, inner, event.id, { status: event.status === "asked" ? "waiting" : "running" });
        return;
      case "tool.deferred":
        this.#change(path, inner, event.id, { status: "waiting" });
        return;
      case "tool.progress":
        return;
      case "tool.completed":
        this.#change(path, inner, event.id, {
          status: callEnd(event.result),
          result: resultText(event.result),
          duration: event.duration,
        });
        this.#open.delete(keyOf(path, inner, event.id));
        return;
      default:
        event satisfies never;
    }
  }

  /** Takes a message: calls of a model, or results, which here tell only of calls that no tool saw. */
  #message(message: Message, path: string, inner: string, time: number): void {
    if (message.role === "assistant") {
      for (const part of message.content) {
        if (part.type === "tool-call")
          this.#begin(path, inner, part.id, part.name, part.input ?? part.rawInput, time);
        if (part.type === "provider-call" && !this.#told.delete(keyOf(path, inner, part.id)))
          this.#tellRan(part, path, inner, time);
      }
    }
    if (message.role !== "tool") return;
    for (const result of message.content) {
      if (result.isError !== true) continue;
      this.#change(path, inner, result.id, { status: callEnd(result), result: resultText(result) });
      this.#open.delete(keyOf(path, inner, result.id));
    }
  }

  /** Ends the calls of an activation and of everything in it: they were stopped with it. */
  end(path: string, time: number): void {
    for (const [key, call] of this.#open) {
      const at = call.path;
      if (at !== path && !at.startsWith(`${path}/`) && !at.startsWith(`${path}[`)) continue;
      this.#open.delete(key);
      const ran = call.time > 0 && time > call.time;
      Object.assign(call, { status: "skipped", ...(ran && { duration: time - call.time }) });
    }
  }

  /** A call of the provider is over, which was seen to begin. */
  #endRan(part: ProviderCallPart, path: string, inner: string, time: number): void {
    const key = keyOf(path, inner, part.id);
    const began = this.#open.get(key)?.time ?? time;
    const end = { status: providerCallEnd(part), result: part.output ?? "", duration: time - began };
    this.#change(path, inner, part.id, { input: part.input, ...end });
    this.#open.delete(key);
    this.#told.add(key);
  }

  /** A call that the provider made and answered itself, in a message that was kept. */
  #tellRan(part: ProviderCallPart, path: string, inner: string, time: number): void {
    const { id, name, input } = part;
    this.#begin(path, inner, id, name, input, time);
    this.#change(path, inner, id, { status: providerCallEnd(part), result: part.output ?? "" });
    this.#open.delete(keyOf(path, inner, id));
  }

  #begin(path: string, inner: string, id: string, name: string, input: unknown, time: number): void {
    const key = keyOf(path, inner, id);
    const outer = this.#open.get(outerKey(path, inner));
    const call: OpenCallStep = {
      type: "call",
      path,
      key: `call:${key} ${this.#count++}`,
      time,
      name,
      input,
      status: "running",
      inside: [],
    };
    this.#open.set(key, call);
    (outer?.inside ?? this.#insideOf(path)).push(call);
  }

  #change(path: string, inner: string, id: string, change: Partial<CallStep>): void {
    const call = this.#open.get(keyOf(path, inner, id));
    if (call !== undefined) Object.assign(call, change);
  }
}

function keyOf(path: string, inner: string, id: string): string {
  return `${path} ${inner} ${id}`;
}

/** The call of the agent that is a tool, in which a call is made. */
function outerKey(path: string, inner: string): string {
  const at = inner.lastIndexOf("/");
  return keyOf(path, at < 0 ? "" : inner.slice(0, at), inner.slice(at + 1));
}
