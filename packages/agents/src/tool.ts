/** A tool: a typed function that a model may call. */
import type { Json, Schema } from "@orch/core";
import type { FilePart, TextPart } from "./message.ts";

/** What a tool is given besides its arguments. */
export interface ToolContext {
  /** Aborted when the run is cancelled or the tool's time is up. */
  readonly signal: AbortSignal;
  readonly callId: string;
  /** Sends progress to the readers of the agent's events, as `tool.progress`. */
  readonly emit: (data: unknown) => void;
}

/** What a tool may answer with: text, parts, or any value that JSON can carry. */
export type ToolOutput = string | readonly (TextPart | FilePart)[] | Json | undefined;

/** A tool of any arguments, as an agent holds it. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly input: Schema;
  readonly invoke: (input: never, ctx: ToolContext) => ToolOutput | Promise<ToolOutput>;
  /** Whether a person must agree to a call first. Default no. */
  readonly approve?: boolean | ((input: never) => boolean);
  /** In milliseconds. Default 60,000. */
  readonly timeout?: number;
  /** Never runs beside another tool of the same message. Default false. */
  readonly sequential?: boolean;
}
