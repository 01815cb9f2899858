/** A stream of server-sent events, which waits for a slow reader instead of filling memory. */
import type { Clock } from "@orch/core";

/** One event of a stream, in the words of the standard. */
export interface ServerSentEvent {
  readonly id?: string;
  readonly event?: string;
  readonly data: string;
  /** After how many milliseconds a client connects anew. */
  readonly retry?: number;
}

/** How a stream is written. */
export interface EventStreamOptions {
  readonly clock: Clock;
  /** How often a stream without events sends a comment, in milliseconds; 0 for never. */
  readonly keepAlive: number;
  /** How many bytes wait for a slow reader before no more events are read. */
  readonly waiting: number;
  /** Called once, when the stream has ended or its reader has gone. */
  readonly ended?: () => void;
  readonly headers?: ConstructorParameters<typeof Headers>[0];
}

const KEEP_ALIVE = ":\n\n";

/**
 * An answer that sends events as they come. An event is read from `events` only when the reader has taken what was sent
 * before, up to `waiting` bytes. When the reader goes, the reading of `events` ends (`return`), and nothing else does.
 */
export function eventStream(events: AsyncIterable<ServerSentEvent>, options: EventStreamOptions): Response {
  const headers = new Headers(options.headers);
  if (!headers.has("content-type")) headers.set("content-type", "text/event-stream; charset=utf-8");
  headers.set("cache-control", "no-store, no-transform");
  headers.set("x-content-type-options", "nosniff");
  headers.set("x-accel-buffering", "no");
  return new Response(bytesOf(events, options), { headers });
}

function bytesOf(
  events: AsyncIterable<ServerSentEvent>,
  options: EventStreamOptions,
): ReadableStream<Uint8Array> {
  const { clock, keepAlive, waiting, ended } = options;
  const encoder = new TextEncoder();
  const iterator = events[Symbol.asyncIterator]();
  let quiet: (() => void) | undefined;
  let isOver = false;
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    quiet?.();
    ended?.();
  };
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        const wait = (): void => {
          if (keepAlive <= 0 || isOver) return;
          quiet = clock.after(keepAlive, () => {
            if (isOver) return;
            if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(KEEP_ALIVE));
            wait();
          });
        };
        wait();
      },
      pull: async (controller) => {
        try {
          const { done, value } = await iterator.next();
          if (isOver) return;
          if (done === true) {
            end();
            controller.close();
          } else controller.enqueue(encoder.encode(eventText(value)));
        } catch (error) {
          end();
          controller.error(error);
        }
      },
      cancel: async () => {
        end();
        await iterator.return?.();
      },
    },
    { highWaterMark: waiting, size: (chunk) => chunk?.byteLength ?? 1 },
  );
}

/** An event as text. Line breaks in data become further lines, as the standard says. */
export function eventText({ id, event, data, retry }: ServerSentEvent): string {
  let text = "";
  if (retry !== undefined) text += `retry: ${retry}\n`;
  if (id !== undefined) text += `id: ${id}\n`;
  if (event !== undefined) text += `event: ${event}\n`;
  for (const line of data.split(/\r\n|\n|\r/)) text += `data: ${line}\n`;
  return `${text}\n`;
}
