/** The spans of tools that run at the provider: each stands under the model call that it is a part of. */
import type { ProviderCallPart } from "../../words/message.ts";
import { ATTR, OPERATION } from "./conventions.ts";
import type { OpenSpan, SpanKit } from "./span-kit.ts";

/** Follows the calls at the provider of one model call after the other. */
export class ProviderCallTrace {
  readonly #kit: SpanKit;
  readonly #open: Map<string, OpenSpan> = new Map();

  constructor(kit: SpanKit) {
    this.#kit = kit;
  }

  begin(call: OpenSpan, { id, name }: Pick<ProviderCallPart, "id" | "name">, time: number): void {
    const attributes = {
      [ATTR.operation]: OPERATION.tool,
      [ATTR.tool]: name,
      [ATTR.toolCallId]: id,
      [ATTR.toolType]: "extension",
    };
    this.#open.set(id, this.#kit.start(`${OPERATION.tool} ${name}`, call.context, time, attributes));
  }

  end(call: OpenSpan, part: ProviderCallPart, time: number): void {
    const { id, name, input, status, output } = part;
    if (!this.#open.has(id)) this.begin(call, part, time);
    const open = this.#open.get(id)!;
    this.#open.delete(id);
    open.span.setAttributes({
      ...this.#kit.said(ATTR.toolArguments, input ?? null),
      ...this.#kit.said(ATTR.toolResult, output ?? ""),
    });
    if (status === "failed") this.#kit.fail(open, "tool_error", output ?? `The tool ${name} failed.`);
    this.#kit.end(open, time);
  }

  /** Ends what is open, with the model call. */
  endAll(time: number): void {
    for (const open of this.#open.values()) this.#kit.end(open, time);
    this.#open.clear();
  }
}
