/** Completions on their way from a host in memory into a journal. */

import type { Activation } from "../kernel/activation.ts";
import { forgetWrites } from "../kernel/attached.ts";
import { takesItem } from "../kernel/growing.ts";
import { type Completion, deadlineOf, type RunState } from "../kernel/transition.ts";
import { given } from "../platform/given.ts";
import type { JournalRecordType } from "../words/journal-record.ts";
import type { Codec } from "./codec.ts";
import type { Json } from "./json.ts";
import { isLarge, type PartHole } from "./part-place.ts";
import type { PartWriter } from "./part-writer.ts";
import { keepWrites } from "./record-codec.ts";
import { asRevived, errorJson } from "./revive.ts";

/** A completion on its way into the journal. */
export interface Arrived {
  readonly type: JournalRecordType;
  readonly path: string;
  readonly value?: string;
  /** What tells it apart from others of its type. */
  readonly name?: string;
  /** The key of a signal; of an item that was added, the path of the state that added it. */
  readonly key?: string;
  /** What of its value stands in earlier records. */
  readonly parts?: readonly PartHole[];
  /** The operation that ended. It holds its notes and writes. */
  readonly operation?: Activation;
}

/** A completion that can be written, and how it will be. */
export interface Received {
  readonly completion: Completion;
  readonly arrived: Arrived;
}

/** Turns completions into records. A completion whose value cannot be kept fails its operation. */
export class Arrivals {
  readonly #run: RunState;
  readonly #codec: Codec;
  readonly #parts: PartWriter;

  constructor(run: RunState, parts: PartWriter) {
    this.#run = run;
    this.#codec = parts.codec;
    this.#parts = parts;
  }

  receive(arrival: Completion): Received {
    switch (arrival.kind) {
      case "completed":
        return this.#completed(arrival);
      case "failed":
        return failed(arrival.operation, arrival.error);
      case "timer": {
        const { activation } = arrival;
        if (arrival.purpose === "deadline") {
          return this.receive({ kind: "stop", activation, error: deadlineOf(activation) });
        }
        return { completion: arrival, arrived: { type: "dropped", path: activation.path } };
      }
      case "stop": {
        const { activation } = arrival;
        const error = asRevived(arrival.error);
        const arrived: Arrived = { type: "stopped", path: activation.path, ...textOf(errorJson(error)) };
        return { completion: { kind: "stop", activation, error }, arrived };
      }
      case "rest": {
        const { operation, rests } = arrival;
        return {
          completion: arrival,
          arrived: { type: "rested", path: operation.path, value: String(rests) },
        };
      }
      case "add":
        return addedItem(arrival, this.#codec);
      case "signal":
        return this.#signalled(arrival);
      case "cancel": {
        const { path } = this.#run.root;
        return { completion: arrival, arrived: { type: "cancelled", path, ...textOf(arrival.reason) } };
      }
    }
  }

  #completed(arrival: Extract<Completion, { kind: "completed" }>): Received {
    const codec = this.#codec;
    const { operation } = arrival;
    const { path, runnable } = operation;
    try {
      const json = codec.encode(arrival.value, `the output of "${runnable.id}"`);
      const kept = codec.decode(json);
      keepWrites(operation, codec);
      const arrived = this.#arrived(path, operation, json);
      return {
        completion: Object.is(kept, arrival.value) ? arrival : { kind: "completed", operation, value: kept },
        arrived,
      };
    } catch (error) {
      forgetWrites(operation.attach());
      this.#parts.drop();
      return failed(operation, error);
    }
  }

  #signalled(arrival: Extract<Completion, { kind: "signal" }>): Received {
    const { name, value, key } = arrival.signal;
    const json = this.#codec.encode(value, `the value of the signal "${name}"`);
    const arrived: Arrived = {
      type: "signalled",
      path: this.#run.root.path,
      ...textOf(json),
      name,
      ...given({ key }),
    };
    return { completion: { ...arrival, signal: { name, value: this.#codec.decode(json), key } }, arrived };
  }

  #arrived(path: string, operation: Activation, json: Json | undefined): Arrived {
    if (json === undefined) return { type: "committed", path, operation };
    if (!isLarge(json)) return { type: "committed", path, operation, value: JSON.stringify(json) };
    const { value, parts } = this.#parts.text(json);
    return { type: "committed", path, operation, value, parts };
  }
}

/** An item that cannot be kept fails the state that adds it. */
function addedItem(arrival: Extract<Completion, { readonly kind: "add" }>, codec: Codec): Received {
  const { fan, operation, item, key } = arrival;
  try {
    const json = codec.encode(item, `what was added to "${fan.runnable.id}"`);
    const { path } = operation;
    const arrived: Arrived = { type: "added", path: fan.path, name: key, key: path, ...textOf(json) };
    return { completion: { ...arrival, item: codec.decode(json) }, arrived };
  } catch (error) {
    return failed(operation, error);
  }
}

/** What one life of a run sees of a failure, every life sees. */
function failed(operation: Activation, thrown: unknown): Received {
  const error = asRevived(thrown);
  // The shared-state writes of a failed attempt do not count.
  if (operation.attached !== undefined) forgetWrites(operation.attached);
  return {
    completion: { kind: "failed", operation, error },
    arrived: { type: "failed", path: operation.path, operation, ...textOf(errorJson(error)) },
  };
}

/** Whether a completion is stale: it comes from work that is over, or asks for an end that is under way. */
export function isStale(arrival: Completion, { root }: RunState): boolean {
  switch (arrival.kind) {
    case "completed":
    case "failed":
      return arrival.operation.over;
    case "timer":
      return arrival.activation.over || (arrival.purpose === "deadline" && isClosing(arrival.activation));
    case "stop":
      return arrival.activation.over || isClosing(arrival.activation);
    case "rest":
      return arrival.operation.over || (arrival.operation.attached?.rests === true) === arrival.rests;
    case "add":
      return !takesItem(arrival);
    case "signal":
      return root.reason !== undefined;
    case "cancel":
      return false;
  }
}

function isClosing({ frame }: Activation): boolean {
  return frame === undefined || frame.closing !== undefined;
}

/** JSON as the value of a record. */
export function textOf(json: Json | undefined): { value?: string } {
  return json === undefined ? {} : { value: JSON.stringify(json) };
}
