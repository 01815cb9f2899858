/** Reads `text/event-stream` from a response, so that headers can be sent, which `EventSource` cannot. */
import { parsed } from "../platform/json.ts";

/**
 * The data of the events that arrived together, at least one. The server writes JSON, which has no line break, so that each line
 * of data is the whole data of an event; what is no JSON, like the `[DONE]` of AI SDK UI, is left out.
 */
export async function* readEvents<TData>(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<readonly TData[], void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop()!;
      const data = lines.flatMap((line) =>
        line.startsWith("data:") ? (parsed<TData>(line.slice(5)) ?? []) : [],
      );
      if (data.length > 0) yield data;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
