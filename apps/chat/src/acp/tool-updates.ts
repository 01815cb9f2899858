/** The tool calls of a turn as clients show them: one entry for each call, which changes until it has ended. */
import { isAbsolute, join } from "node:path";
import type { SessionUpdate, ToolCallLocation, ToolKind } from "@agentclientprotocol/sdk";
import type { AskedCall, Message, ToolResultPart } from "@orch/agents";
import { parseJson } from "@orch/core";
import { callLabel } from "../rail/call-label.ts";
import { callEnd, type HeardCallEvent, providerCallEnd, resultText } from "../rail/tool-calls.ts";
import { safeText } from "../terminal/safe-text.ts";

/** A call that the client knows. */
interface ShownCall {
  readonly toolCallId: string;
  readonly path: string;
  readonly name: string;
  /** The arguments as one text. */
  readonly input: string;
  open: boolean;
  asked: boolean;
}

/** What bundled tools do; a client chooses a picture by it. */
const KINDS: { readonly [tool: string]: ToolKind } = {
  list_files: "search",
  search_files: "search",
  read_file: "read",
};

/** Follows the calls of one turn. */
export class ToolUpdates {
  readonly #turnId: string;
  readonly #folder: string;
  readonly #calls = new Map<string, ShownCall>();
  /** How often an id was used at one place: a later message may use it again. */
  readonly #uses = new Map<string, number>();

  constructor(turnId: string, folder: string) {
    this.#turnId = turnId;
    this.#folder = folder;
  }

  /** Takes what an agent of the activation at `path` said. */
  take({ event, inner }: HeardCallEvent, path: string): readonly SessionUpdate[] {
    const keyOf = (id: string): string => `${path}/${inner}/${id}`;
    switch (event.type) {
      case "agent.message":
        return this.#message(event.message, path, keyOf);
      case "agent.model": {
        const { event: at } = event;
        if (at.type === "provider-call") return [this.#begin(keyOf(at.id), path, at.name, undefined)];
        if (at.part.type === "file") return [];
        const { id, name, input, output = "" } = at.part;
        const begun = this.#calls.has(keyOf(id)) ? [] : [this.#begin(keyOf(id), path, name, input)];
        return [...begun, ...this.#end(keyOf(id), providerCallEnd(at.part) === "done", output)];
      }
      case "tool.started": {
        const key = keyOf(event.id);
        const begun = this.#calls.get(key)?.open ? [] : [this.#begin(key, path, event.name, event.input)];
        return [...begun, ...this.#change(key, "in_progress")];
      }
      case "tool.completed":
        return event.replayed === true ? [] : this.#ended(keyOf(event.id), event.result);
      default:
        return [];
    }
  }

  /** Ends the calls of an activation and of everything in it. */
  stop(path: string): readonly SessionUpdate[] {
    return [...this.#calls].flatMap(([key, call]) => {
      const isInside =
        call.path === path || call.path.startsWith(`${path}/`) || call.path.startsWith(`${path}[`);
      return call.open && isInside ? this.#end(key, false, "stopped") : [];
    });
  }

  /** The entry of a call that a person is asked about; `undefined` where the client was told of none. */
  idOf({ tool, input }: AskedCall): string | undefined {
    const text = JSON.stringify(input);
    const calls = [...this.#calls.values()].filter(
      (call) => call.open && call.name === tool && call.input === text,
    );
    const call = calls.find(({ asked }) => !asked) ?? calls[0];
    if (call !== undefined) call.asked = true;
    return call?.toolCallId;
  }

  #message(message: Message, path: string, keyOf: (id: string) => string): readonly SessionUpdate[] {
    if (message.role === "assistant")
      return message.content.flatMap((part) =>
        part.type === "tool-call"
          ? [this.#begin(keyOf(part.id), path, part.name, part.input ?? jsonIn(part.rawInput))]
          : [],
      );
    // What has a result and did not complete was refused, or is the answer itself.
    if (message.role === "tool")
      return message.content.flatMap((result) => this.#ended(keyOf(result.id), result));
    return [];
  }

  #begin(key: string, path: string, name: string, input: unknown): SessionUpdate {
    const uses = (this.#uses.get(key) ?? 0) + 1;
    this.#uses.set(key, uses);
    const toolCallId = `${this.#turnId}/${key}${uses === 1 ? "" : `~${uses}`}`;
    const text = JSON.stringify(input) ?? "";
    this.#calls.set(key, { toolCallId, path, name, input: text, open: true, asked: false });
    const locations = locationsOf(name, input, this.#folder);
    return {
      sessionUpdate: "tool_call",
      toolCallId,
      title: callLabel(name, input),
      name,
      kind: KINDS[name] ?? "other",
      status: "pending",
      ...(input !== undefined && { rawInput: input }),
      ...(locations.length > 0 && { locations }),
    };
  }

  #change(key: string, status: "in_progress"): readonly SessionUpdate[] {
    const call = this.#calls.get(key);
    if (call === undefined) return [];
    return [{ sessionUpdate: "tool_call_update", toolCallId: call.toolCallId, status }];
  }

  #ended(key: string, result: ToolResultPart): readonly SessionUpdate[] {
    return this.#end(key, callEnd(result) === "done", resultText(result));
  }

  #end(key: string, isDone: boolean, result: string): readonly SessionUpdate[] {
    const call = this.#calls.get(key);
    if (call?.open !== true) return [];
    call.open = false;
    return [
      {
        sessionUpdate: "tool_call_update",
        toolCallId: call.toolCallId,
        status: isDone ? "completed" : "failed",
        content: [{ type: "content", content: { type: "text", text: safeText(result) } }],
      },
    ];
  }
}

/** What a model wrote as arguments, or the text where it is no JSON. */
function jsonIn(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

/** The file that a call is about, so that a client can go there. */
function locationsOf(name: string, input: unknown, folder: string): ToolCallLocation[] {
  if (KINDS[name] !== "read" || typeof input !== "object" || input === null || !("path" in input)) return [];
  const { path } = input;
  if (typeof path !== "string" || path === "") return [];
  return [{ path: isAbsolute(path) ? path : join(folder, path) }];
}
