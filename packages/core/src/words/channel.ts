import type { OrchestrationEvent } from "./events.ts";

/** What a state says while it works, by name and type: `ctx.emit(channel, data)` sends it, `channel.of(event)` reads it. */
export interface Channel<TData> {
  /** Stands in the event as `channel`. Two channels of one name are one channel, so a name belongs to one type. */
  readonly name: string;
  /** The data of a `state.output` event of this channel; `undefined` for every other event. */
  readonly of: (event: OrchestrationEvent) => TData | undefined;
}

/**
 * Makes a channel.
 *
 * @example
 * ```ts
 * const progress = channel<{ done: number; of: number }>("progress");
 * const load = runnable("load", (files: string[], ctx) => {
 *   ctx.emit(progress, { done: 0, of: files.length });
 *   return files;
 * });
 * ```
 */
export function channel<TData>(name: string): Channel<TData> {
  return {
    name,
    of: (event) =>
      event.type === "state.output" && event.channel === name ? (event.data as TData) : undefined,
  };
}

/** Text for people, piece by piece. In a conversation it is the answer as it comes, if the state may speak. */
export const speech: Channel<string> = /* @__PURE__ */ channel("speech");
