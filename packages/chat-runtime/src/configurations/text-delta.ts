/** Finds the words of a model in the events of a run. */
import type { OrchestrationEvent } from "@orch/core";

/** A piece of text that a model just wrote, and which state it wrote it in. */
export interface TextDelta {
  readonly delta: string;
  readonly path: string;
  readonly state: string;
}

/** The text in an event, if it is one: `state.output` of an agent whose model wrote some. */
export function textDelta(event: OrchestrationEvent): TextDelta | undefined {
  if (event.type !== "state.output") return undefined;
  const model = event.data as
    | { readonly type?: unknown; readonly event?: { readonly type?: unknown; readonly delta?: unknown } }
    | null
    | undefined;
  if (model?.type !== "agent.model" || model.event?.type !== "text") return undefined;
  const { delta } = model.event;
  if (typeof delta !== "string") return undefined;
  return { delta, path: event.path, state: event.state };
}
