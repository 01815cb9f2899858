/** Listeners of events. A listener that throws, or whose promise rejects, harms neither the turn nor the others. */
import { checkEventName } from "@orch/core/doors";
import type { ChatEvent, TurnEvent } from "./chat-event.ts";

type Listener = (event: never) => unknown;

/** The events of a turn beside those of a run. */
const OF_TURNS: { readonly [TType in TurnEvent["type"]]: true } = {
  "turn.started": true,
  "message.delta": true,
  "turn.completed": true,
  "turn.failed": true,
  "turn.cancelled": true,
  "turn.suspended": true,
  "turn.events.dropped": true,
};

/** The listeners of one runtime, by event type; `*` hears all. */
export class EventListeners {
  readonly #byType = new Map<string, Set<Listener>>();
  readonly #failed: (error: unknown, event: ChatEvent) => void;

  constructor(failed: (error: unknown, event: ChatEvent) => void) {
    this.#failed = failed;
  }

  /**
   * Adds a listener. The returned function removes it.
   *
   * @throws UnknownEventError (`ORCH_UNKNOWN_EVENT`) for a type that does not exist.
   */
  on(type: string, listener: Listener): () => void {
    checkEventName(type, Object.keys(OF_TURNS));
    const listeners = this.#byType.get(type) ?? new Set();
    this.#byType.set(type, listeners);
    const own: Listener = (event) => listener(event);
    listeners.add(own);
    return () => void listeners.delete(own);
  }

  /** Whether a listener hears events of this type. */
  has(type: string): boolean {
    return [type, "*"].some((one) => (this.#byType.get(one)?.size ?? 0) > 0);
  }

  call(event: ChatEvent): void {
    for (const type of [event.type, "*"]) {
      for (const listener of this.#byType.get(type) ?? []) this.#callOne(listener, event);
    }
  }

  #callOne(listener: Listener, event: ChatEvent): void {
    try {
      const given = listener(event as never);
      if (given instanceof Promise) given.catch((error: unknown) => this.#report(error, event));
    } catch (error) {
      this.#report(error, event);
    }
  }

  #report(error: unknown, event: ChatEvent): void {
    try {
      this.#failed(error, event);
    } catch {
      // A reporter that throws cannot be reported.
    }
  }
}
