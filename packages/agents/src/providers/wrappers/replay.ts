/** A model that answers from a recording, so that agents are tested without a network. */

import type { Json } from "@orch/core";
import { RecordingError } from "../../errors/recording-error.ts";
import { ReplayMissError } from "../../errors/replay-miss-error.ts";
import { canonical } from "../../platform/canonical.ts";
import type { JsonObject } from "../../platform/json-object.ts";
import { nodeModule } from "../../platform/node-module.ts";
import type { AssistantPart } from "../../words/message.ts";
import type { FinishEvent, Model, ModelEvent, ModelRequest } from "../../words/model.ts";
import { differences, distance } from "./differences.ts";
import { cleaner, type RecordedCall, type Recording, readRecording, recordedRequest } from "./recording.ts";

/** How a recording is replayed. */
export interface ReplayOptions {
  /** Texts that were left out when it was recorded. */
  readonly secrets?: readonly string[];
  /** Selects the part of a request that is compared, for recorded and new requests. Default: the whole request. */
  readonly compare?: (request: JsonObject) => Json;
}

/**
 * Opens a recording as a model. A question is answered by the recorded call that asked the same; calls
 * that asked the same answer in their order, each once, so that runs side by side replay too.
 *
 * @param source A path, or the text of a recording.
 * @throws RecordingError (`ORCH_RECORDING`) when it cannot be read; and, from `stream`, ReplayMissError
 * (`ORCH_REPLAY_MISS`), which says what differs from the nearest recorded question.
 */
export async function replay(
  source: string | { readonly text: string },
  options: ReplayOptions = {},
): Promise<Model> {
  const recording =
    typeof source === "string"
      ? readRecording(await textOfFile(source), source)
      : readRecording(source.text, "given as text");
  const { compare = (request) => request } = options;
  const clean = cleaner(options.secrets ?? []);
  const left = new Set(recording.calls);
  const keys = new Map(recording.calls.map((call) => [call, canonical(compare(call.request))]));
  const find = (request: ModelRequest): RecordedCall => {
    const asked = compare(recordedRequest(request, clean));
    const key = canonical(asked);
    for (const call of left) {
      if (keys.get(call) !== key) continue;
      left.delete(call);
      return call;
    }
    throw miss(asked, recording, left, compare, typeof source === "string" ? source : "given as text");
  };
  return {
    id: recording.id,
    caps: recording.caps,
    stream: async function* (request): AsyncGenerator<ModelEvent> {
      yield* saidAgain(find(request), request.signal);
    },
  };
}

async function textOfFile(path: string): Promise<string> {
  const files = nodeModule("node:fs/promises");
  if (files !== undefined) return files.readFile(path, "utf8");
  const problem = "this platform has no files, so give its text as { text }";
  throw new RecordingError({ name: path, line: 1, problem });
}

/** The recorded events, cut where the signal aborts. */
function* saidAgain({ events }: RecordedCall, signal: AbortSignal): Generator<ModelEvent> {
  const content: AssistantPart[] = [];
  for (const event of events) {
    if (signal.aborted) {
      const { usage, message } = events.at(-1) as FinishEvent;
      yield { type: "finish", usage, message: { ...message, content, finish: { reason: "aborted" } } };
      return;
    }
    if (event.type === "part" && event.part.type !== "tool-call") content.push(event.part);
    yield event;
  }
}

const MOST_DIFFERENCES = 5;

function miss(
  asked: Json,
  { calls }: Recording,
  left: ReadonlySet<RecordedCall>,
  compare: (request: JsonObject) => Json,
  name: string,
): ReplayMissError {
  let nearest: Json | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  // Calls not yet replayed come first, because the caller most likely expected one of them.
  for (const call of [...left, ...calls]) {
    const recorded = compare(call.request);
    const places = distance(recorded, asked, 1_000);
    if (places >= fewest) continue;
    nearest = recorded;
    fewest = places;
  }
  return new ReplayMissError({
    name,
    recorded: calls.length,
    replayed: calls.length - left.size,
    differences: nearest === undefined ? [] : differences(nearest, asked, MOST_DIFFERENCES),
  });
}
