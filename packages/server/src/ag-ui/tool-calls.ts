/** Calls of tools as calls of AG-UI: begun, with all arguments at once, and their result. */
import type { Json } from "@orch/core";
import type {
  PublicEvent,
  PublicToolCompleted,
  PublicToolProgress,
  PublicToolStarted,
} from "../words/public-event.ts";
import type { AgUiEvent } from "./ag-ui-event.ts";

/** Makes calls of the tool events of one turn or run. */
export class ToolCalls {
  readonly #prefix: string;
  readonly #begun = new Set<string>();

  /** `prefix` begins the ids of all its calls. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Gives what an event tells of a call. */
  take(event: PublicEvent): AgUiEvent[] {
    switch (event.type) {
      case "tool.started":
        return this.#started(event);
      case "tool.progress":
        return this.#progressed(event);
      case "tool.completed":
        return this.#completed(event);
      default:
        return [];
    }
  }

  #idOf({ path, call }: { readonly path: string; readonly call: string }): string {
    return `${this.#prefix}${path}:${call}`;
  }

  #started(event: Omit<PublicToolStarted, "type">): AgUiEvent[] {
    const { path, tool, input } = event;
    const toolCallId = this.#idOf(event);
    this.#begun.add(toolCallId);
    return [
      { type: "TOOL_CALL_START", toolCallId, toolCallName: tool, metadata: { orch: { path } } },
      { type: "TOOL_CALL_ARGS", toolCallId, delta: JSON.stringify(input) },
      { type: "TOOL_CALL_END", toolCallId },
    ];
  }

  #progressed(event: PublicToolProgress): AgUiEvent[] {
    const toolCallId = this.#idOf(event);
    return [{ type: "CUSTOM", name: "tool.progress", value: { toolCallId, data: event.data } }];
  }

  #completed(event: PublicToolCompleted): AgUiEvent[] {
    const { path, result, failed } = event;
    const toolCallId = this.#idOf(event);
    // A call that was denied completes without having begun, as does one whose beginning was told to another reader.
    const begun = this.#begun.delete(toolCallId) ? [] : this.#started({ ...event, input: {} });
    this.#begun.delete(toolCallId);
    const told = {
      toolCallId,
      messageId: `${toolCallId}/result`,
      role: "tool",
      content: contentOf(result),
    } as const;
    const metadata = { orch: { path, ...(failed && { failed }) } } as const;
    return [...begun, { type: "TOOL_CALL_RESULT", ...told, metadata }];
  }
}

function contentOf(result: Json): string {
  return typeof result === "string" ? result : JSON.stringify(result);
}
