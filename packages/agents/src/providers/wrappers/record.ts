/** Writes down what a model is asked and what it answers. */

import type { Json } from "@orch/core";
import { RecordingError } from "../../errors/recording-error.ts";
import { nodeModule } from "../../platform/node-module.ts";
import type { FinishEvent, Model, ModelEvent, ModelRequest } from "../../words/model.ts";
import { callLine, cleaner, headLine, recordedRequest } from "./recording.ts";

/** How a recording is made. */
export interface RecordOptions {
  /** Texts that must not be written, such as the key in use; what looks like a key is never written anyway. */
  readonly secrets?: readonly string[];
}

/** Takes the lines of a recording, one at a time, in order. */
export type RecordSink = (line: string) => void | Promise<void>;

/**
 * Wraps a model so that every call which came to an end, good or bad, is appended to a file as one line
 * of JSON. Calls that were cancelled are left out. Keys and headers are not written. A file that cannot
 * be written becomes a warning of the answer.
 *
 * @param target A path, whose file is begun anew; or whatever takes the lines.
 *
 * @example
 * ```ts
 * const model = record(resolveModel("openai/gpt-5.4-mini", config, doors), "weather.jsonl");
 * // later, without a network:
 * const again = await replay("weather.jsonl");
 * ```
 */
export function record(model: Model, target: string | RecordSink, options: RecordOptions = {}): Model {
  const sink = typeof target === "string" ? fileSink(target) : target;
  const clean = cleaner(options.secrets ?? []);
  let begun = false;
  // The head goes with the first line that can be written, which need not be the first one.
  const append = inOrder(async (line) => {
    await sink(begun ? line : headLine(model) + line);
    begun = true;
  });
  return { id: model.id, caps: model.caps, stream: (request) => recorded(model, request, clean, append) };
}

async function* recorded(
  model: Model,
  request: ModelRequest,
  clean: (value: unknown) => Json,
  append: RecordSink,
): AsyncGenerator<ModelEvent> {
  // Copied at once, because the caller may change its list of messages afterwards.
  const asked = recordedRequest(request, clean);
  const events: Json[] = [];
  for await (const event of model.stream(request)) {
    if (event.type !== "ping") events.push(clean(event));
    if (event.type !== "finish" || event.message.finish.reason === "aborted") yield event;
    else yield await written(event, () => append(callLine(asked, events)));
  }
}

async function written(finish: FinishEvent, write: () => void | Promise<void>): Promise<FinishEvent> {
  try {
    await write();
    return finish;
  } catch (error) {
    const warning = `The call was not recorded: ${error instanceof Error ? error.message : String(error)}`;
    return { ...finish, warnings: [...(finish.warnings ?? []), warning] };
  }
}

/** Calls side by side end at any time; their lines go one after the other. */
function inOrder(sink: RecordSink): (line: string) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  return (line) => {
    const next = last.then(() => sink(line));
    last = next.catch(() => {});
    return next;
  };
}

const NO_FILES = "this platform has no files, so give a function that takes the lines";

function fileSink(path: string): RecordSink {
  let begun = false;
  return async (line) => {
    const files = nodeModule("node:fs/promises");
    if (files === undefined) throw new RecordingError({ name: path, line: 1, problem: NO_FILES });
    await (begun ? files.appendFile : files.writeFile)(path, line);
    begun = true;
  };
}
